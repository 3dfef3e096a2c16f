// SPDX-License-Identifier: EUPL-1.2
// Frames from and to PNG files, and their comparison. Goldens compare pixels, never PNG bytes. Tests only.
#pragma once

#include <optional>
#include <string>

#include "kiosk/widgets/frame.hpp"

namespace png {

[[nodiscard]] bool write(const std::string& path, const widgets::Frame& frame);
[[nodiscard]] std::optional<widgets::Frame> read(const std::string& path);
/// FNV-1a over the pixels: for variants whose pictures are not committed.
[[nodiscard]] std::string hash(const widgets::Frame& frame);
/// Pixels that differ; the whole area if the sizes do.
[[nodiscard]] std::size_t difference(const widgets::Frame& a, const widgets::Frame& b);
/// Old, new and the difference in red, side by side.
[[nodiscard]] widgets::Frame report(const widgets::Frame& old, const widgets::Frame& now);

}  // namespace png
