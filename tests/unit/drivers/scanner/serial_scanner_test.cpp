// SPDX-License-Identifier: EUPL-1.2
// The scanner's thread against a real serial line: the far side of a pseudo terminal.
#include "drivers/scanner/serial_scanner.hpp"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <future>
#include <string>
#include <thread>

#include "drivers/none/slip_reader.hpp"
#include "drivers/os/system_clock.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// Long enough that what follows is no part of what went before.
constexpr milliseconds over_a_pause{2 * limits::slip_gap_ms};

/// A scanner that can be plugged in and pulled out; the kiosk opens `path`.
class Device {
  public:
    Device() {
        folder = fs::temp_directory_path() / ("scanner-" + std::to_string(::getpid()));
        fs::create_directories(folder);
        path = folder / "line";
    }
    ~Device() {
        pull_out();
        fs::remove_all(folder);
    }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    void plug_in() {
        std::array<char, 256> name{};
        REQUIRE(::openpty(&master_, &slave_, name.data(), nullptr, nullptr) == 0);
        fs::create_symlink(name.data(), path);
    }
    void pull_out() {
        fs::remove(path);
        for (int* fd : {&slave_, &master_}) {
            if (*fd >= 0) ::close(*fd);
            *fd = -1;
        }
    }
    void send(std::string_view bytes) const {
        REQUIRE(::write(master_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }

    /// Whether whoever has opened the line keeps it to themselves.
    [[nodiscard]] int exclusive() const {
        int is = -1;
        REQUIRE(::ioctl(slave_, TIOCGEXCL, &is) == 0);
        return is;
    }

    fs::path folder;
    std::string path;

  private:
    int master_ = -1;
    int slave_ = -1;
};

/// What next() gives, or "stuck": nobody waits for ever in a test.
class Reading {
  public:
    explicit Reading(const std::string& path) : scanner({path, 0}, clock) {}
    ~Reading() {
        scanner.cancel();
        if (waiting.valid()) waiting.wait();
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void begin() {
        waiting = std::async(std::launch::async, [this]() -> std::string {
            const auto code = scanner.next();
            return code ? std::string(base::as_text(code->expose())) : "ended";
        });
    }
    bool is_waiting(milliseconds wait = over_a_pause) {
        return waiting.wait_for(wait) == std::future_status::timeout;
    }
    std::string result() { return is_waiting(20s) ? "stuck" : waiting.get(); }

    os::SystemClock clock;
    scanner::SerialScanner scanner;
    std::future<std::string> waiting;
};

/// Sends until the reader has it: what is sent before it listens is dropped, as it must be.
std::string sent_until_read(const Device& device, Reading& reading, const std::string& line) {
    do device.send(line);
    while (reading.is_waiting());
    return reading.result();
}

std::string held_until_read(const Device& device, Reading& reading, const std::string& line) {
    reading.begin();
    return sent_until_read(device, reading, line);
}

}  // namespace

TEST_CASE("serial scanner: a code comes through raw, whatever a terminal would make of it") {
    Device device;
    device.plug_in();
    Reading reading(device.path);
    CHECK(held_until_read(device, reading, "eyJ.abc~_-\r") == "eyJ.abc~_-");
    // ^C, ^D and ^S would end, close or stop a terminal; here they are noise, and the next counts.
    reading.begin();
    std::this_thread::sleep_for(over_a_pause);
    device.send(
        "a\x03\x04\x13"
        "b\r\nnext\r\n");
    CHECK(reading.result() == "next");
}

TEST_CASE("serial scanner: half a code before a pause does not join what follows") {
    Device device;
    device.plug_in();
    Reading reading(device.path);
    CHECK(held_until_read(device, reading, "first\n") == "first");
    reading.begin();
    std::this_thread::sleep_for(over_a_pause);
    device.send("half-");
    CHECK(reading.is_waiting());
    device.send("whole\n");
    CHECK(reading.result() == "whole");
}

TEST_CASE("serial scanner: what it says right behind a code is the same picture again") {
    Device device;
    device.plug_in();
    Reading reading(device.path);
    CHECK(held_until_read(device, reading, "once\n") == "once");
    device.send("once\nonce\nhal");
    reading.begin();
    CHECK(reading.is_waiting());
    device.send("twice\n");
    CHECK(reading.result() == "twice");
}

TEST_CASE("serial scanner: the tail of a code whose beginning nobody heard is not taken for one") {
    Device device;
    device.plug_in();
    Reading reading(device.path);
    CHECK(held_until_read(device, reading, "first\n") == "first");
    // A machine that is busy may make a pause of it, behind which a line is a line: so once in ten.
    bool dropped = false;
    for (int tries = 0; tries < 10 && !dropped; ++tries) {
        device.send("head-");
        reading.begin();
        std::this_thread::sleep_for(milliseconds{limits::slip_gap_ms / 4});
        device.send("tail\n");
        dropped = reading.is_waiting();
        if (dropped) device.send("next\n");
        const std::string read = reading.result();
        CHECK(read == (dropped ? "next" : "tail"));
    }
    CHECK(dropped);
}

TEST_CASE("serial scanner: a device that is pulled out is found again, as another one") {
    Device device;
    Reading reading(device.path);
    reading.begin();
    CHECK(reading.is_waiting(50ms));
    device.plug_in();
    CHECK(sent_until_read(device, reading, "one\n") == "one");
    reading.begin();
    device.send("begun-");
    device.pull_out();
    CHECK(reading.is_waiting(50ms));
    device.plug_in();
    CHECK(sent_until_read(device, reading, "two\n") == "two");
}

TEST_CASE("serial scanner: what is no serial line is never read, and cancel ends every wait") {
    Device device;
    const int file = ::open(device.path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    REQUIRE(::write(file, "typed\n", 6) == 6);
    ::close(file);
    Reading reading(device.path);
    reading.begin();
    CHECK(reading.is_waiting(50ms));
    reading.scanner.cancel();
    CHECK(reading.result() == "ended");
    CHECK_FALSE(reading.scanner.next().has_value());
}

TEST_CASE("serial scanner: nobody else may open the line meanwhile") {
    Device device;
    device.plug_in();
    Reading reading(device.path);
    CHECK(device.exclusive() == 0);
    CHECK(held_until_read(device, reading, "first\n") == "first");
    CHECK(device.exclusive() == 1);
}

TEST_CASE("serial scanner: without a reader by configuration nobody waits") {
    none::SlipReader none;
    CHECK_FALSE(none.next().has_value());
    none.cancel();
    CHECK_FALSE(none.next().has_value());
}
