// SPDX-License-Identifier: EUPL-1.2
// The printer's device played by a pseudo terminal: what arrives, what happens if it takes nothing,
// is not there, or is something else.
#include "drivers/printer/raster_printer.hpp"

#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <thread>

#include "drivers/none/printer.hpp"
#include "drivers/printer/escpos.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

namespace fs = std::filesystem;

/// A device that takes bytes while somebody reads.
class PlayedPrinter {
  public:
    PlayedPrinter() {
        std::array<char, 256> name{};
        termios raw{};
        ::cfmakeraw(&raw);
        REQUIRE(::openpty(&master_, &slave_, name.data(), &raw, nullptr) == 0);
        path = name.data();
    }
    ~PlayedPrinter() {
        ::close(slave_);
        ::close(master_);
    }
    PlayedPrinter(const PlayedPrinter&) = delete;
    PlayedPrinter& operator=(const PlayedPrinter&) = delete;

    base::Bytes take(std::size_t count) const {
        base::Bytes out;
        std::array<std::uint8_t, 4'096> piece{};
        while (out.size() < count) {
            const ssize_t got = ::read(master_, piece.data(), piece.size());
            if (got <= 0) break;
            base::append(out, base::ByteView(piece).first(static_cast<std::size_t>(got)));
        }
        return out;
    }

    std::string path;

  private:
    int master_ = -1;
    int slave_ = -1;
};

port::SlipImage some_slip_image(std::size_t height) {
    return {limits::slip_width_px, height, base::Bytes(limits::slip_width_px / 8 * height, 0xA5)};
}

base::Result<void> print_and_take(PlayedPrinter& device, printer::RasterPrinter& printer,
                                  const port::SlipImage& slip, std::size_t bytes,
                                  base::Bytes& taken) {
    std::thread paper([&] { taken = device.take(bytes); });
    auto printed = printer.print(slip);
    paper.join();
    return printed;
}

}  // namespace

TEST_CASE("raster printer: everything arrives, whatever the device takes at once") {
    PlayedPrinter device;
    printer::RasterPrinter printer({device.path});
    const port::SlipImage slip = some_slip_image(1'000);
    const base::Bytes expected = printer::escpos_of(slip).value();
    for (int again = 0; again < 2; ++again) {
        base::Bytes taken;
        CHECK(print_and_take(device, printer, slip, expected.size(), taken).has_value());
        CHECK(taken == expected);
    }
}

TEST_CASE("raster printer: a device that takes nothing is given up, and the next slip is whole") {
    PlayedPrinter device;
    printer::RasterPrinter printer({device.path, 100});
    const port::SlipImage slip = some_slip_image(3'000);
    const auto stuck = printer.print(slip);
    REQUIRE_FALSE(stuck.has_value());
    CHECK(stuck.error().code == base::Errc::device_failed);
    // What lay in its buffer comes out; then the rest of the band that it waits for, then a slip.
    const port::SlipImage next = some_slip_image(10);
    const base::Bytes expected =
        base::concat({printer::escpos_resume(), printer::escpos_of(next).value()});
    std::array<std::uint8_t, 64> end{};
    std::ranges::copy(base::ByteView(expected).last(end.size()), end.begin());
    base::Bytes taken;
    std::thread paper([&] {
        while (taken.size() < expected.size() ||
               !base::equal(base::ByteView(taken).last(end.size()), end))
            base::append(taken, device.take(1));
    });
    CHECK(printer.print(next).has_value());
    paper.join();
    CHECK(base::equal(base::ByteView(taken).last(expected.size()), expected));
}

TEST_CASE("raster printer: none there, and something that is no device") {
    const fs::path folder = fs::temp_directory_path() / ("printer-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    printer::RasterPrinter absent({(folder / "lp0").string()});
    const auto nothing = absent.print(some_slip_image(8));
    REQUIRE_FALSE(nothing.has_value());
    CHECK(nothing.error().code == base::Errc::device_absent);
    const int file = ::open((folder / "lp0").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    ::close(file);
    const auto refused = absent.print(some_slip_image(8));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == base::Errc::device_failed);
    CHECK(fs::file_size(folder / "lp0") == 0);
    fs::remove_all(folder);
}

TEST_CASE("raster printer: a terminal without one says so at once") {
    none::Printer none;
    const auto printed = none.print(some_slip_image(8));
    REQUIRE_FALSE(printed.has_value());
    CHECK(printed.error().code == base::Errc::device_absent);
}
