// SPDX-License-Identifier: EUPL-1.2
// A receipt printer behind a character device (/dev/usb/lp0, or the name udev gives it): opened for
// each slip, so that one that was switched off or exchanged is simply the next one. Blocks while
// paper moves, in bounds: paper that is out, or a device that takes nothing more, is a failure, and
// nothing is tried again by itself. What was sent is wiped here.
#pragma once

#include <string>

#include "drivers/base/limits_printer.hpp"
#include "drivers/port/printer.hpp"

namespace printer {

struct RasterOptions {
    std::string path;
    int wait_ms_max = limits::printer_wait_ms_max;  ///< without one byte taken
};

class RasterPrinter final : public port::Printer {
  public:
    explicit RasterPrinter(RasterOptions options) : options_(std::move(options)) {}
    base::Result<void> print(const port::SlipImage& slip) override;

  private:
    const RasterOptions options_;
    bool broke_off_ = false;  ///< the last slip did not get through
};

}  // namespace printer
