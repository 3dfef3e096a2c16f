// SPDX-License-Identifier: EUPL-1.2
#include "drivers/printer/escpos.hpp"

#include <algorithm>

#include "drivers/base/limits_printer.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

port::SlipImage image_of(std::size_t width, std::size_t height) {
    port::SlipImage image{width, height, {}};
    for (std::size_t i = 0; i < width / 8 * height; ++i)
        image.rows.push_back(static_cast<std::uint8_t>(i * 7));
    return image;
}

}  // namespace

TEST_CASE("escpos: a small picture, byte by byte") {
    port::SlipImage image{16, 2, {0x80, 0x01, 0xFF, 0x00}};
    const auto bytes = printer::escpos_of(image);
    REQUIRE(bytes.has_value());
    CHECK(*bytes == base::Bytes{0x1B, '@',                               // initialise
                                0x1D, 'v',  '0',  0,    2,   0,   2, 0,  // 2 bytes x 2 rows
                                0x80, 0x01, 0xFF, 0x00,                  //
                                0x1B, 'd',  4,    0x1D, 'V', 'B', 0});   // feed and cut
}

TEST_CASE("escpos: bands of 128 rows, the last one shorter, and no row is lost") {
    for (const std::size_t height : {1U, 127U, 128U, 129U, 256U, 300U}) {
        CAPTURE(height);
        const port::SlipImage image = image_of(limits::slip_width_px, height);
        const auto bytes = printer::escpos_of(image);
        REQUIRE(bytes.has_value());
        base::Bytes rows;
        std::size_t at = 2;
        for (std::size_t left = height; left > 0;) {
            const std::size_t band = std::min(left, limits::slip_band_rows);
            const base::Bytes head{0x1D, 'v', '0', 0, 72, 0, static_cast<std::uint8_t>(band), 0};
            REQUIRE(bytes->size() > at + 8 + band * 72);
            CHECK(base::equal(base::ByteView(*bytes).subspan(at, 8), head));
            base::append(rows, base::ByteView(*bytes).subspan(at + 8, band * 72));
            at += 8 + band * 72;
            left -= band;
        }
        CHECK(rows == image.rows);
        CHECK(bytes->size() == at + 7);
    }
}

TEST_CASE("escpos: what does not fit the paper is refused") {
    CHECK(printer::escpos_of(image_of(limits::slip_width_px, limits::slip_height_px_max)));
    CHECK_FALSE(printer::escpos_of(image_of(limits::slip_width_px + 8, 1)));
    CHECK_FALSE(
        printer::escpos_of(image_of(limits::slip_width_px, limits::slip_height_px_max + 1)));
    CHECK_FALSE(printer::escpos_of(image_of(0, 1)));
    CHECK_FALSE(printer::escpos_of(image_of(8, 0)));
    port::SlipImage odd = image_of(16, 2);
    odd.width_px = 12;
    CHECK_FALSE(printer::escpos_of(odd));
    port::SlipImage short_one = image_of(16, 2);
    short_one.rows.pop_back();
    CHECK_FALSE(printer::escpos_of(short_one));
}

TEST_CASE("escpos: the rest of a broken band is as long as a band, and prints nothing") {
    const base::Bytes rest = printer::escpos_resume();
    CHECK(rest.size() == limits::slip_band_rows * limits::slip_width_px / 8);
    CHECK(std::ranges::count(rest, 0) == static_cast<std::ptrdiff_t>(rest.size()));
}
