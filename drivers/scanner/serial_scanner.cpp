// SPDX-License-Identifier: EUPL-1.2
#include "drivers/scanner/serial_scanner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <cerrno>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/log.hpp"

namespace scanner {
namespace {

using base::Errc;

tl::unexpected<base::Error> line_failed(const char* where) {
    return base::fail(Errc::device_failed, where, static_cast<std::uint32_t>(errno));
}

/// Bytes as they are: no echo, no line of its own, no signals, no flow control by letters.
base::Result<void> make_raw(int fd) {
    termios settings{};
    if (::tcgetattr(fd, &settings) != 0) return line_failed("scanner is no serial line");
    ::cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &= ~CRTSCTS;
    settings.c_iflag &= ~static_cast<tcflag_t>(IXOFF | IXANY);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    // Of no meaning on USB; a real line has to be set to the same.
    (void)::cfsetspeed(&settings, B115200);
    if (::tcsetattr(fd, TCSANOW, &settings) != 0) return line_failed("scanner line settings");
    // The call succeeds if any one of the settings could be made: look at those that matter.
    termios now{};
    if (::tcgetattr(fd, &now) != 0) return line_failed("scanner line settings");
    const bool raw = (now.c_lflag & (ICANON | ECHO | ISIG)) == 0 && (now.c_iflag & ICRNL) == 0;
    if (!raw) return base::fail(Errc::device_failed, "scanner line stays cooked");
    return {};
}

}  // namespace

SerialScanner::SerialScanner(SerialOptions options, const port::Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      cancel_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    CHECK(cancel_.get() >= 0);
}

SerialScanner::~SerialScanner() {
    forget();
}

void SerialScanner::cancel() {
    const std::uint64_t one = 1;
    // Full only if it was cancelled before.
    [[maybe_unused]] const auto written = ::write(cancel_.get(), &one, sizeof one);
}

std::optional<port::ScannedCode> SerialScanner::next() {
    if (std::exchange(pausing_, false)) {
        rest(options_.pause_ms);
        if (line_.has_value() && !begin_anew()) lose(errno);
    }
    for (;;) {
        if (auto code = take()) {
            pausing_ = true;
            return code;
        }
        if (!line_.has_value()) {
            if (const auto opened = open(); !opened) {
                if (!std::exchange(told_lost_, true)) base::log_error(opened.error());
                if (wait(limits::slip_reopen_wait_ms) == Woken::cancelled) return std::nullopt;
                continue;
            }
            told_lost_ = false;
        }
        const int gap_ms = static_cast<int>(limits::slip_gap_ms);
        const Woken woken = wait(lines_.begun() ? gap_ms : -1);
        if (woken == Woken::cancelled) return std::nullopt;
        if (woken == Woken::silence)
            lines_.reset();
        else
            read_on();
    }
}

std::optional<port::ScannedCode> SerialScanner::take() {
    while (at_ < end_) {
        const std::uint8_t byte = std::exchange(bytes_[at_++], std::uint8_t{0});
        if (auto code = lines_.feed(byte, read_ms_)) return code;
    }
    return std::nullopt;
}

base::Result<void> SerialScanner::open() {
    Descriptor line;
    // Not blocking: a line without carrier would hold the call for ever.
    const int fd = ::open(options_.path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        const Errc errc = errno == ENOENT ? Errc::device_absent : Errc::device_failed;
        return base::fail(errc, "scanner", static_cast<std::uint32_t>(errno));
    }
    line = Descriptor(fd);
    TRY_VOID(make_raw(fd));
    if (::ioctl(fd, TIOCEXCL) != 0) return line_failed("scanner line alone");
    line_ = std::move(line);
    if (const auto begun = begin_anew(); !begun) {
        line_.reset();
        return begun;
    }
    return {};
}

/// What was held to it while nobody listened is not meant for whoever stands here now.
base::Result<void> SerialScanner::begin_anew() {
    forget();
    if (::tcflush(line_.get(), TCIFLUSH) != 0) return line_failed("scanner line flush");
    lines_.skip(clock_.boot_ms());
    return {};
}

/// Time passes in which nothing is read; a cancel ends it and is seen next.
void SerialScanner::rest(int wait_ms) {
    pollfd stop{cancel_.get(), POLLIN, 0};
    (void)::poll(&stop, 1, wait_ms);
}

/// timeout_ms  -1 = without end. Without a line it waits for cancel() only.
SerialScanner::Woken SerialScanner::wait(int timeout_ms) {
    std::array<pollfd, 2> events{{{cancel_.get(), POLLIN, 0}, {-1, POLLIN, 0}}};
    if (line_.has_value()) events[1].fd = line_.get();
    for (;;) {
        const int count = ::poll(events.data(), events.size(), timeout_ms);
        if (count < 0 && errno == EINTR) continue;
        CHECK(count >= 0);
        if (events[0].revents != 0) return Woken::cancelled;
        return count == 0 ? Woken::silence : Woken::line;
    }
}

void SerialScanner::read_on() {
    if (lines_.dropping()) {
        // Noise: whoever sends it without end must not keep a core busy.
        rest(limits::slip_noise_wait_ms);
    }
    const ssize_t count = ::read(line_.get(), bytes_.data(), bytes_.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    // The end of a serial line is a device that was pulled out.
    if (count <= 0) return lose(count < 0 ? errno : 0);
    at_ = 0;
    end_ = static_cast<std::size_t>(count);
    read_ms_ = clock_.boot_ms();
}

void SerialScanner::lose(int why) {
    base::log_error({Errc::device_failed, "scanner gone", static_cast<std::uint32_t>(why)});
    line_.reset();
    forget();
    told_lost_ = true;
    // A device that is there and fails at once must not be opened without end.
    rest(limits::slip_noise_wait_ms);
}

void SerialScanner::forget() {
    lines_.reset();
    base::wipe_memory(bytes_.data(), bytes_.size());
    at_ = end_ = 0;
}

}  // namespace scanner
