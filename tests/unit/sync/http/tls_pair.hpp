// SPDX-License-Identifier: EUPL-1.2
// The two ends of mutual TLS in one authority, for tests of what goes over it.
#pragma once

#include <memory>

#include "tests/unit/sync/http/test_pki.hpp"
#include "tests/unit/sync/http/test_server.hpp"

namespace test {

/// Members in order of need.
struct TlsPair {
    /// leaf  what the client's certificate says.
    explicit TlsPair(const Leaf& leaf = {})
        : client_tls(make_context(http::TlsSide::client, authority.certificate(),
                                  authority.issue(leaf), client_random)) {}

    Authority authority{"Test CA"};
    SteadyClock clock;
    crypto::SystemRandom server_random;
    crypto::SystemRandom client_random;
    std::unique_ptr<http::TlsContext> server_tls =
        make_context(http::TlsSide::server, authority.certificate(), authority.issue(server_leaf()),
                     server_random);
    std::unique_ptr<http::TlsContext> client_tls;

    /// A server on a port that the system chooses.
    [[nodiscard]] std::unique_ptr<http::Server> listen(http::Handler& handler) {
        return std::move(*http::Server::listen({}, {*server_tls, handler, nullptr, clock}));
    }
};

}  // namespace test
