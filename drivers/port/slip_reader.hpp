// SPDX-License-Identifier: EUPL-1.2
// What reads the codes of slips: a person holds paper or a telephone before it. Codes come as text
// and are believed in nothing; what they say is judged by whoever asked. A take-back code is a
// secret, so it never lies in anything but a Secret. Used by one thread that may wait for ever.
#pragma once

#include <optional>

#include "drivers/base/limits_slip.hpp"
#include "drivers/base/secret.hpp"

namespace port {

/// One code, 1..limits::slip_code_bytes_max visible ASCII letters.
using ScannedCode = base::Secret<struct ScannedCodeTag, limits::slip_code_bytes_max>;

class SlipReader {
  public:
    virtual ~SlipReader() = default;
    /// Waits for the next code, however long; a device that is not there is waited for, too.
    /// returns nothing after cancel(), and where there is no device by configuration.
    [[nodiscard]] virtual std::optional<ScannedCode> next() = 0;
    /// Ends the present wait and every later one. Any thread.
    virtual void cancel() = 0;
};

}  // namespace port
