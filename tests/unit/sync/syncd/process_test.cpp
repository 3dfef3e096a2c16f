// SPDX-License-Identifier: EUPL-1.2
// The program itself, as systemd runs it: started, stopped, killed and terminated at work. What it
// leaves behind must be enough for the next one, and the kiosk must not feel any of it.
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include "sync/model/json.hpp"
#include "tests/unit/sync/syncd/world.hpp"

namespace {

using namespace std::chrono_literals;

/// The certificates of these tests are valid around test::today_ms; with that day as its time floor
/// the process accepts them whatever the wall clock of this machine says.
class Process {
  public:
    static constexpr const char* brisk = R"({"backoff_ms_min":5,"backoff_ms_max":20,"round_ms":5})";

    explicit Process(test::World& world, const char* pace = brisk) {
        const auto& folder = world.folder;
        folder.write("ca.der", base::as_text(world.authority.certificate()));
        folder.write("tls.der", base::as_text(world.client_identity.certificate));
        folder.write("tls.key", base::as_text(world.client_identity.key));
        folder.write("syncd.json",
                     model::JsonWriter()
                         .text("terminal", test::terminal_id)
                         .text("backend", "https://127.0.0.1:" + std::to_string(world.port))
                         .text("server_name", "backend.test")
                         .text("ca", folder.at("ca.der"))
                         .text("certificate", folder.at("tls.der"))
                         .text("key", folder.at("tls.key"))
                         .text("kiosk_socket", folder.at("kiosk.sock"))
                         .text("spool", folder.at("spool"))
                         .number("time_floor_ms", test::today_ms)
                         .raw("test", pace)
                         .done());
        const std::string program = std::string(FREIGABE_BINARY_DIR) + "/bin/freigabe-syncd";
        const std::string config = folder.at("syncd.json");
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::execl(program.c_str(), program.c_str(), config.c_str(), nullptr);
            ::_exit(127);
        }
    }
    ~Process() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            (void)wait();
        }
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const { REQUIRE(::kill(pid_, number) == 0); }
    /// Whether it has come so far that SIGTERM no longer kills it: the signal is blocked, to be
    /// read.
    [[nodiscard]] bool holds_sigterm() const {
        std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
        const std::string name = "SigBlk:";
        for (std::string line; std::getline(status, line);) {
            if (line.rfind(name, 0) != 0) continue;
            return (std::stoull(line.substr(name.size()), nullptr, 16) >> (SIGTERM - 1) & 1U) != 0;
        }
        return false;
    }
    /// The status of waitpid after the end.
    int wait() {
        int status = 0;
        REQUIRE(::waitpid(pid_, &status, 0) == pid_);
        pid_ = -1;
        return status;
    }

  private:
    pid_t pid_;
};

template <class Done>
bool soon(Done done) {
    for (int i = 0; i < 2'000; ++i) {
        if (done()) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

}  // namespace

TEST_CASE("freigabe-syncd: killed again and again it still brings everything through") {
    test::World world([](const http::Request&) -> std::optional<http::Response> {
        std::this_thread::sleep_for(2ms);  // so that a kill often falls into a request
        return std::nullopt;
    });
    for (int i = 1; i <= 30; ++i) world.kiosk.batches.push_back("B" + std::to_string(i));
    world.kiosk.advances = {"A1"};
    world.start_kiosk();
    world.start_backend();
    for (int kills = 0; kills < 8; ++kills) {
        Process process(world);
        std::this_thread::sleep_for(std::chrono::milliseconds(15 + 9 * kills));
        process.signal(SIGKILL);
        const int status = process.wait();
        CHECK(WIFSIGNALED(status));
    }
    // On a fast machine everything is through by now; with something left to do, "acknowledged"
    // means that the last process runs and hears a signal.
    world.kiosk.offer_advance("A2");
    Process process(world);
    REQUIRE(soon([&] { return world.kiosk.all_acknowledged(); }));
    process.signal(SIGTERM);
    const int status = process.wait();
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    auto diary = world.kiosk.diary();
    diary.erase(std::unique(diary.begin(), diary.end()), diary.end());
    CHECK(diary.size() ==
          32);  // a receipt may be handed in twice by a successor, which the journal allows
}

TEST_CASE("freigabe-syncd: stopped at work it holds up neither kiosk nor successor") {
    test::World world;
    world.kiosk.batches = {"B1"};
    world.start_kiosk();
    world.start_backend();
    Process stopped(world);
    REQUIRE(soon([&] { return world.kiosk.all_acknowledged(); }));
    stopped.signal(SIGSTOP);
    world.kiosk.offer_advance("A1");  // the kiosk goes on recording
    Process successor(world);
    CHECK(soon([&] { return world.kiosk.all_acknowledged(); }));
}

TEST_CASE("freigabe-syncd: SIGTERM ends it also while it waits for nobody") {
    test::World world;
    world.port = 1;  // nothing listens there, and there is no kiosk
    const char* an_hour =
        R"({"backoff_ms_min":3600000,"backoff_ms_max":3600000,"round_ms":3600000})";
    Process process(world, an_hour);
    REQUIRE(soon([&] { return process.holds_sigterm(); }));
    process.signal(SIGTERM);
    const int status = process.wait();  // would outlast this test if it sat its pause out
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("freigabe-syncd: a key that others may read is refused") {
    test::World world;
    world.port = 1;
    Process right(world);  // writes the files
    right.signal(SIGKILL);
    (void)right.wait();
    std::filesystem::permissions(world.folder.at("tls.key"), std::filesystem::perms(0644));
    const std::string program = std::string(FREIGABE_BINARY_DIR) + "/bin/freigabe-syncd";
    const std::string command = program + " " + world.folder.at("syncd.json") + " 2>/dev/null";
    const int status = std::system(command.c_str());
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
}
