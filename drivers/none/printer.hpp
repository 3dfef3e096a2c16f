// SPDX-License-Identifier: EUPL-1.2
// A terminal without a printer. The slip is then shown on the screen; nothing waits for paper. Any
// thread.
#pragma once

#include "drivers/port/printer.hpp"

namespace none {

class Printer final : public port::Printer {
  public:
    base::Result<void> print(const port::SlipImage&) override {
        return base::fail(base::Errc::device_absent, "printer");
    }
};

}  // namespace none
