package dev.cgnat.proxy;

import dev.cgnat.proxy.client.BlocksCommand;
import dev.cgnat.proxy.client.DiagnoseCommand;
import dev.cgnat.proxy.client.DrainCommand;
import dev.cgnat.proxy.client.EventsCommand;
import dev.cgnat.proxy.client.ExplainCommand;
import dev.cgnat.proxy.client.KillCommand;
import dev.cgnat.proxy.client.LookupCommand;
import dev.cgnat.proxy.client.PoolsCommand;
import dev.cgnat.proxy.client.ReloadCommand;
import dev.cgnat.proxy.client.SessionsCommand;
import dev.cgnat.proxy.client.StatusCommand;
import dev.cgnat.proxy.client.TopCommand;
import dev.cgnat.proxy.client.UndrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the proxy. */
@Command(
        name = "natproxy",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {
            RunCommand.class,
            ConfigCommand.class,
            StatusCommand.class,
            PoolsCommand.class,
            BlocksCommand.class,
            SessionsCommand.class,
            TopCommand.class,
            EventsCommand.class,
            LookupCommand.class,
            ExplainCommand.class,
            DiagnoseCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            ReloadCommand.class,
            KillCommand.class,
            CompletionCommand.class,
            ManCommand.class
        },
        description = "A carrier-grade NAT over real TCP: flows come in by SOCKS, HTTP CONNECT, a forward "
                + "or the rules of a firewall, and leave from an address:port of a pool.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ok",
            "1:failure while running",
            "2:wrong usage",
            "3:invalid configuration",
            "4:an address cannot be bound",
            "5:the proxy cannot be asked, or does not let you",
            "6:there is nothing of that name",
            "130:interrupted"
        })
public final class NatProxyMain {
    private NatProxyMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Every command, ready to be executed. */
    static CommandLine commandLine() {
        return new CommandLine(new NatProxyMain()).setCaseInsensitiveEnumValuesAllowed(true);
    }
}
