// SPDX-License-Identifier: EUPL-1.2
// The slip printer: prints 1-bit images, because every script has to come out right without printer
// code pages. Called by the runtime, never by screens. Blocks until the paper is handed over or the
// device fails.
#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace port {

/// A picture of rows top to bottom, each row padded to whole bytes, most significant bit left, 1 =
/// black.
struct SlipImage {
    std::size_t width_px = 0;
    std::size_t height_px = 0;
    base::Bytes rows;
};

class Printer {
  public:
    virtual ~Printer() = default;
    /// errors  device_absent, device_failed. Never retried by itself: paper cannot be called back.
    virtual base::Result<void> print(const SlipImage& slip) = 0;
};

}  // namespace port
