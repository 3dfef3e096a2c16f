// SPDX-License-Identifier: EUPL-1.2
// A 2D scanner on a serial line (USB CDC-ACM: "USB-COM", /dev/ttyACM0, better a name that udev
// gives it). Never one that plays a keyboard: layouts change its letters, and what anybody types
// would be taken for a code. The line is raw, nobody else may open it meanwhile, and nothing is
// ever written to it. A device that goes away is looked for until it is there again.
// Waits in poll(): no wake-up without a byte while the device is there.
#pragma once

#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>

#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/slip_reader.hpp"
#include "drivers/scanner/code_lines.hpp"

namespace scanner {

/// Only read from: there is nothing that closing could lose.
inline void close_line(int fd) {
    (void)::close(fd);
}

struct SerialOptions {
    std::string path;  ///< of the serial line; need not be there yet
    /// Behind a code, what comes is dropped for so long: readers see one picture many times.
    int pause_ms = limits::slip_pause_ms;
};

class SerialScanner final : public port::SlipReader {
  public:
    /// clock  outlives the scanner.
    SerialScanner(SerialOptions options, const port::Clock& clock);
    ~SerialScanner() override;
    SerialScanner(const SerialScanner&) = delete;
    SerialScanner& operator=(const SerialScanner&) = delete;

    std::optional<port::ScannedCode> next() override;
    void cancel() override;

  private:
    using Descriptor = base::Handle<int, close_line>;

    enum class Woken : std::uint8_t { line, silence, cancelled };

    base::Result<void> open();
    [[nodiscard]] Woken wait(int timeout_ms);
    void read_on();
    void lose(int why);
    void forget();
    base::Result<void> begin_anew();
    void rest(int wait_ms);
    [[nodiscard]] std::optional<port::ScannedCode> take();

    const SerialOptions options_;
    const port::Clock& clock_;
    Descriptor cancel_;  ///< eventfd
    Descriptor line_;
    CodeLines lines_;
    /// Bytes from the line that no code was made of yet: [at_, end_).
    std::array<std::uint8_t, limits::slip_read_bytes> bytes_{};
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::uint64_t read_ms_ = 0;
    bool told_lost_ = false;  ///< its absence stands in the log
    bool pausing_ = false;    ///< a code was handed over last
};

}  // namespace scanner
