// SPDX-License-Identifier: EUPL-1.2
// Implementation of icons.hpp. Every length is checked: the file is ours, a torn build is not.
#include "kiosk/widgets/icons.hpp"

#include <algorithm>

namespace widgets {
namespace {

constexpr std::size_t icons_max = 512;
constexpr std::size_t sizes_max = 64;

/// Reads u32 values and names in order; turns bad at the first one that is not there.
struct Reader {
    base::ByteView rest;
    std::size_t read = 0;
    bool bad = false;

    void skip(std::size_t n) {
        bad = bad || rest.size() < n;
        if (bad) return;
        rest = rest.subspan(n);
        read += n;
    }
    std::uint32_t u32() {
        if (bad || rest.size() < 4) {
            bad = true;
            return 0;
        }
        const auto b = [&](std::size_t i) { return std::uint32_t{rest[i]} << (8 * i); };
        const std::uint32_t value = b(0) | b(1) | b(2) | b(3);
        skip(4);
        return value;
    }
    std::string_view name() {
        const auto end = std::find(rest.begin(), rest.end(), std::uint8_t{0});
        if (bad || end == rest.end()) {
            bad = true;
            return {};
        }
        const auto size = static_cast<std::size_t>(end - rest.begin());
        // Bytes are shown as characters in place: the names live as long as the packed file.
        const std::string_view text(reinterpret_cast<const char*>(rest.data()), size);
        skip(size + 1);
        return text;
    }
};

/// Area average: each target pixel is the mean of the source pixels it covers.
text::Mask shrink(const text::Mask& from, int size) {
    text::Mask to;
    to.width = size;
    to.height = size;
    to.alpha.resize(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
    const auto edge_of = [&](int i) { return i * from.width / size; };
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            unsigned sum = 0;
            unsigned count = 0;
            for (int v = edge_of(y); v < std::max(edge_of(y + 1), edge_of(y) + 1); ++v) {
                for (int u = edge_of(x); u < std::max(edge_of(x + 1), edge_of(x) + 1); ++u) {
                    sum += from.alpha[from.index(v, u)];
                    ++count;
                }
            }
            to.alpha[to.index(y, x)] = static_cast<std::uint8_t>(sum / count);
        }
    }
    return to;
}

}  // namespace

base::Result<Icons> Icons::parse(base::ByteView packed) {
    Icons icons;
    Reader in{packed};
    constexpr std::uint32_t magic = 0x31494746;  // "FGI1"
    in.bad = in.u32() != magic;
    const std::uint32_t icon_count = in.u32();
    const std::uint32_t size_count = in.u32();
    if (in.bad || icon_count > icons_max || size_count > sizes_max || size_count == 0) {
        return base::fail(base::Errc::config_bad, "icons_head");
    }
    for (std::uint32_t i = 0; i < size_count; ++i)
        icons.sizes_.push_back(static_cast<int>(in.u32()));
    for (std::uint32_t i = 0; i < icon_count; ++i) icons.names_.push_back(in.name());
    in.skip((4 - in.read % 4) % 4);
    for (std::uint32_t i = 0; i <= icon_count * size_count; ++i) icons.offsets_.push_back(in.u32());
    const bool rising = std::is_sorted(icons.offsets_.begin(), icons.offsets_.end()) &&
                        std::is_sorted(icons.sizes_.begin(), icons.sizes_.end()) &&
                        std::is_sorted(icons.names_.begin(), icons.names_.end());
    if (in.bad || !rising || icons.offsets_.back() != in.rest.size()) {
        return base::fail(base::Errc::config_bad, "icons_table");
    }
    icons.body_ = in.rest;
    return icons;
}

std::optional<std::size_t> Icons::find(std::string_view name) const {
    const auto found = std::lower_bound(names_.begin(), names_.end(), name);
    if (found == names_.end() || *found != name) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
}

text::Mask Icons::unpack(std::size_t size_index, std::size_t icon) const {
    const int size = sizes_[size_index];
    text::Mask mask;
    mask.width = size;
    mask.height = size;
    const std::size_t area = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
    const std::size_t at = size_index * names_.size() + icon;
    for (std::size_t i = offsets_[at]; i + 1 < offsets_[at + 1]; i += 2) {
        mask.alpha.insert(mask.alpha.end(), body_[i], body_[i + 1]);
    }
    mask.alpha.resize(area);
    return mask;
}

text::Mask Icons::mask(std::size_t icon, int size_px) const {
    const auto at = std::lower_bound(sizes_.begin(), sizes_.end(), size_px);
    const auto best = at == sizes_.end() ? sizes_.end() - 1 : at;
    text::Mask mask = unpack(static_cast<std::size_t>(best - sizes_.begin()), icon);
    return *best == size_px ? mask : shrink(mask, size_px);
}

}  // namespace widgets
