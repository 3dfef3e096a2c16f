// SPDX-License-Identifier: EUPL-1.2
#include "drivers/printer/escpos.hpp"

#include <algorithm>
#include <array>

#include "drivers/base/limits_printer.hpp"

namespace printer {
namespace {

constexpr std::uint8_t esc = 0x1B;
constexpr std::uint8_t gs = 0x1D;
constexpr std::uint8_t feed_lines = 4;  ///< from the print head to the knife
constexpr std::array<std::uint8_t, 2> initialise{esc, '@'};
constexpr std::array<std::uint8_t, 7> feed_and_cut{esc, 'd', feed_lines, gs, 'V', 'B', 0};

void add_band(base::Bytes& out, base::ByteView rows, std::size_t row_bytes) {
    const std::size_t count = rows.size() / row_bytes;
    // Mode 0: a dot is a dot. Both sizes are little-endian words and small.
    const std::array<std::uint8_t, 8> head{
        gs, 'v', '0', 0, static_cast<std::uint8_t>(row_bytes), 0, static_cast<std::uint8_t>(count),
        0};
    base::append(out, head);
    base::append(out, rows);
}

}  // namespace

base::Bytes escpos_resume() {
    return base::Bytes(limits::slip_band_rows * limits::slip_width_px / 8, 0);
}

base::Result<base::Bytes> escpos_of(const port::SlipImage& image) {
    static_assert(limits::slip_width_px / 8 < 256 && limits::slip_band_rows < 256);
    const std::size_t row_bytes = image.width_px / 8;
    const bool fits = image.width_px % 8 == 0 && image.width_px > 0 &&
                      image.width_px <= limits::slip_width_px && image.height_px > 0 &&
                      image.height_px <= limits::slip_height_px_max &&
                      image.rows.size() == row_bytes * image.height_px;
    if (!fits) return base::fail(base::Errc::device_failed, "slip image");
    base::Bytes out;
    // In one piece: growing would leave copies of a secret code behind.
    out.reserve(image.rows.size() + 8 * (image.height_px / limits::slip_band_rows + 1) +
                initialise.size() + feed_and_cut.size());
    base::append(out, initialise);
    const base::ByteView rows = image.rows;
    const std::size_t band_bytes = limits::slip_band_rows * row_bytes;
    for (std::size_t at = 0; at < rows.size(); at += band_bytes) {
        add_band(out, rows.subspan(at, std::min(band_bytes, rows.size() - at)), row_bytes);
    }
    base::append(out, feed_and_cut);
    return out;
}

}  // namespace printer
