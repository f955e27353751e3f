package dev.cgnat.proxy;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the proxy. */
@Command(
        name = "natproxy",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {RunCommand.class, ConfigCommand.class, LookupCommand.class},
        description = "A carrier-grade NAT over real TCP: flows come in by SOCKS, HTTP CONNECT, a forward "
                + "or the rules of a firewall, and leave from an address:port of a pool.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ok",
            "1:failure while running",
            "2:wrong usage",
            "3:invalid configuration",
            "4:an address cannot be bound",
            "6:there is nothing of that name",
            "130:interrupted"
        })
public final class NatProxyMain {
    private NatProxyMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new NatProxyMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }
}
