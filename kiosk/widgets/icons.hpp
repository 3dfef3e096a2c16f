// SPDX-License-Identifier: EUPL-1.2
// The icons, rasterised at build time to alpha masks: no vector library ships. Immutable after
// construction, any thread. Packed file (written by pack_icons.cpp), little endian:
//   "FGI1" | u32 icons | u32 sizes | u32 size... | name NUL... | pad to 4 | u32
//   offset[sizes][icons] + end | (count, value)...
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "kiosk/text/faces.hpp"

namespace widgets {

class Icons {
  public:
    /// Reads a packed file that outlives this object.
    /// errors  config_bad if it is not one of ours.
    static base::Result<Icons> parse(base::ByteView packed);

    /// Number of an icon; CHECKed by the callers that name icons in code, checked by tests for
    /// those named in data.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
    /// Mask of size x size pixels. A size that was not built is made from the next larger one.
    [[nodiscard]] text::Mask mask(std::size_t icon, int size_px) const;
    [[nodiscard]] const std::vector<std::string_view>& names() const { return names_; }

  private:
    [[nodiscard]] text::Mask unpack(std::size_t size_index, std::size_t icon) const;

    std::vector<std::string_view> names_;  ///< sorted
    std::vector<int> sizes_;               ///< rising
    std::vector<std::uint32_t> offsets_;
    base::ByteView body_;
};

/// The packed icons and the theme that were linked in.
[[nodiscard]] base::ByteView embedded_icons();
[[nodiscard]] std::string_view embedded_tokens();

}  // namespace widgets
