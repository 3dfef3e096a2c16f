// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/drivers/pcsc/live_world.hpp"

#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace pcsc_test {

CardProcess::CardProcess(unsigned port, const std::string& person) {
    const char* program = std::getenv("FREIGABE_CARD");
    REQUIRE(program != nullptr);
    std::vector<std::string> words{program, "--person", person, "--port", std::to_string(port)};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    REQUIRE(posix_spawn(&pid_, program, nullptr, nullptr, argv.data(), environ) == 0);
}

CardProcess::~CardProcess() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
}

pcsc::Monitor::Handler Events::handler() {
    return [this](pcsc::Event event) { REQUIRE(queue_.push(std::move(event))); };
}

std::optional<pcsc::Event> Events::wait_for(pcsc::EventKind kind, const std::string& reader) {
    for (int i = 0; i < 64; ++i) {
        auto event = queue_.pop({}, 30s);
        if (!event) return event;
        if (event->kind == kind && (reader.empty() || event->reader == reader)) return event;
        passed_.push_back(*event);
    }
    return std::nullopt;
}

pid_t pid_of_pcscd() {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(fd >= 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = "/run/pcscd/pcscd.comm";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ucred peer{};
    socklen_t size = sizeof peer;
    REQUIRE(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0);
    close(fd);
    return peer.pid;
}

}  // namespace pcsc_test
