// SPDX-License-Identifier: EUPL-1.2
// A server for judges.sh: writes its certificates and a client's into a folder, prints its ports
// and then serves until it gets SIGTERM. A program of its own because curl and openssl, which try
// it, are.
#include <sys/signalfd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "drivers/base/check.hpp"
#include "drivers/pki/pem.hpp"
#include "tests/unit/sync/http/test_pki.hpp"
#include "tests/unit/sync/http/test_server.hpp"

namespace {

void write(const std::filesystem::path& path, std::string_view label, const base::Bytes& der) {
    std::ofstream(path) << pki::to_pem(label, der);
}

http::Response echo(const http::Request& request) {
    const std::string who = request.peer ? request.peer->common_name : "nobody";
    return http::make_response(
        200, "text/plain",
        who + " " + request.path + " " + std::to_string(request.body.size()) + "\n");
}

}  // namespace

int main(int argc, char** argv) {
    CHECK(argc == 2);
    const std::filesystem::path folder = argv[1];
    // openssl and curl look at the wall clock, so these certificates hold for years around the
    // tests' day.
    test::Authority authority("Judges CA");
    test::Leaf server = test::server_leaf();
    test::Leaf client;
    server.first_day = client.first_day = -900;
    server.last_day = client.last_day = 900;
    const test::Identity server_identity = authority.issue(server);
    const test::Identity client_identity = authority.issue(client);
    write(folder / "ca.pem", "CERTIFICATE", authority.certificate());
    write(folder / "client.pem", "CERTIFICATE", client_identity.certificate);
    write(folder / "client.key", "PRIVATE KEY", client_identity.key);

    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    CHECK(::sigprocmask(SIG_BLOCK, &signals, nullptr) == 0);
    const http::Socket stop(::signalfd(-1, &signals, SFD_CLOEXEC));
    crypto::SystemRandom random;
    test::SteadyClock clock;
    test::FunctionHandler handler(echo);
    const auto context =
        test::make_context(http::TlsSide::server, authority.certificate(), server_identity, random);
    http::ServerOptions options;
    options.plain_address = http::ListenAddress{};
    auto listening = http::Server::listen(options, {*context, handler, &handler, clock});
    CHECK(listening);
    std::printf("%u %u\n", unsigned{(*listening)->port()}, unsigned{(*listening)->plain_port()});
    std::fflush(stdout);
    (*listening)->run(stop.get());
    return 0;
}
