package dev.cgnat.proxy.admin;

import inet.ipaddr.HostName;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/**
 * Which {@code Host} headers a loopback listener answers to.
 *
 * <p>A web page may make a browser resolve the page's own name to 127.0.0.1 and so read from here (DNS rebinding); the
 * browser then still sends that name. Only {@code localhost} and loopback addresses cannot be anybody's name.
 */
enum Hosts {
    /** For a listener that is restricted by source address and reached under any name. */
    ANY {
        @Override
        boolean allow(HttpHeaders headers) {
            return true;
        }
    },
    LOOPBACK {
        @Override
        boolean allow(HttpHeaders headers) {
            List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
            if (hosts.size() != 1) {
                return false;
            }
            HostName host = new HostName(hosts.get(0));
            return host.isLoopback() || LOCALHOST.equalsIgnoreCase(host.getHost()); // isSelf would compare the port too
        }
    };

    private static final String LOCALHOST = "localhost";

    abstract boolean allow(HttpHeaders headers);
}
