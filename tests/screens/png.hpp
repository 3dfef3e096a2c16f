// SPDX-License-Identifier: EUPL-1.2
// Frames from and to PNG files, and their exact hash. Goldens compare pixels, never PNG bytes.
// Tests only.
#pragma once

#include <optional>
#include <string>

#include "kiosk/widgets/frame.hpp"

namespace png {

/// Writes a picture for eyes: rounded to its 256 most frequent colours, a quarter of the size of an
/// exact one.
[[nodiscard]] bool write(const std::string& path, const widgets::Frame& frame);
[[nodiscard]] std::optional<widgets::Frame> read(const std::string& path);
/// FNV-1a over the exact pixels: what goldens compare.
[[nodiscard]] std::string hash(const widgets::Frame& frame);
/// Old, new and the visible difference in red, side by side.
[[nodiscard]] widgets::Frame report(const widgets::Frame& old, const widgets::Frame& now);

}  // namespace png
