// SPDX-License-Identifier: EUPL-1.2
// A terminal without a voice. Screens are complete without it. Any thread.
#pragma once

#include "drivers/port/speaker.hpp"

namespace none {

class Speaker final : public port::Speaker {
  public:
    base::Result<void> say(std::string_view, std::string_view, port::Privacy) override {
        return base::fail(base::Errc::device_absent, "speaker");
    }
    void stop() override {}  // nothing ever speaks
};

}  // namespace none
