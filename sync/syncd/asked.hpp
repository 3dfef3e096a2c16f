// SPDX-License-Identifier: EUPL-1.2
// syncd's end of a socket on which the kiosk asks: connects to it, again and again, and answers one
// request after the other. Each such socket has a thread of its own, because records may be under
// way for a minute and the person before the screen does not wait so long.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "drivers/port/clock.hpp"
#include "sync/outbox/frame.hpp"

namespace syncd {

struct Asked {
    std::string path;          ///< the kiosk's socket
    std::uint32_t ms_max = 0;  ///< for handing one answer over
    /// The whole frame of the answer. An error ends the connection.
    std::function<base::Result<base::Bytes>(const outbox::Frame&)> answer;
};

/// Until `stop_fd` is readable.
void serve_kiosk(const Asked& asked, port::Clock& clock, int stop_fd);

}  // namespace syncd
