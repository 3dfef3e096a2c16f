// SPDX-License-Identifier: EUPL-1.2
// The voice. Speech is interrupted by any key and by the next utterance. Called on the UI thread;
// returns at once.
#pragma once

#include <cstdint>
#include <string_view>

#include "drivers/base/result.hpp"

namespace port {

/// Personal text is spoken only into headphones (AC-04).
enum class Privacy : std::uint8_t { open, personal };

class Speaker {
  public:
    virtual ~Speaker() = default;
    /// language  BCP 47 tag, for example "de". errors: device_absent (no voice or no output for
    /// this).
    virtual base::Result<void> say(std::string_view language, std::string_view text,
                                   Privacy privacy) = 0;
    virtual void stop() = 0;
};

}  // namespace port
