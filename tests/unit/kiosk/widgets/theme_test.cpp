// SPDX-License-Identifier: EUPL-1.2
// The palette and sizes of the design as a test: contrast by the WCAG 2.2 formula, capitals
// readable at 60 cm.
#include <cmath>
#include <string>

#include "kiosk/widgets/icons.hpp"
#include "kiosk/widgets/theme.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using widgets::Colour;
using widgets::Theme;

namespace {

double channel(std::uint32_t value) {
    const double c = value / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(std::uint32_t rgb) {
    return 0.2126 * channel((rgb >> 16U) & 255U) + 0.7152 * channel((rgb >> 8U) & 255U) +
           0.0722 * channel(rgb & 255U);
}

double ratio(std::uint32_t a, std::uint32_t b) {
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

Theme theme() {
    auto parsed = Theme::parse(widgets::embedded_tokens());
    REQUIRE(parsed.has_value());
    return std::move(*parsed);
}

}  // namespace

TEST_CASE("theme: every pair of colours reaches its contrast in light, dark and high contrast") {
    const Theme t = theme();
    CHECK(t.contrast.size() >= 31);
    for (const widgets::Palette& palette : t.palettes) {
        for (const widgets::ContrastRule& rule : t.contrast) {
            CAPTURE(widgets::name_of(rule.text));
            CAPTURE(widgets::name_of(rule.ground));
            CHECK(ratio(palette[static_cast<std::size_t>(rule.text)],
                        palette[static_cast<std::size_t>(rule.ground)]) >= rule.min);
        }
    }
}

TEST_CASE("theme: only disabled text lies below 7 to 1") {
    const Theme t = theme();
    for (const widgets::Palette& palette : t.palettes) {
        for (const widgets::ContrastRule& rule : t.contrast) {
            if (rule.min < 4.5 || rule.text == Colour::disabled) continue;
            CHECK(ratio(palette[static_cast<std::size_t>(rule.text)],
                        palette[static_cast<std::size_t>(rule.ground)]) >= 7.0);
        }
    }
}

TEST_CASE("theme: capitals of the smallest text reach 7.33 mm, and body doubles at 200 percent") {
    const Theme t = theme();
    constexpr double cap_height_em = 0.714;
    CHECK(t.scale(100).body.size_px * cap_height_em * t.mm_per_px >= 7.33);
    CHECK(t.scale(200).body.size_px == doctest::Approx(2 * t.scale(100).body.size_px));
    CHECK(t.scale(160).body.size_px == doctest::Approx(54));
    CHECK(t.scale(100).title.weight == text::Weight::bold);
}

TEST_CASE("theme: a missing or mistyped token is an error, never a default") {
    const std::string good(widgets::embedded_tokens());
    const auto spoilt = [&](const std::string& from, const std::string& to) {
        std::string bad = good;
        const std::size_t at = bad.find(from);
        REQUIRE(at != std::string::npos);
        bad.replace(at, from.size(), to);
        return Theme::parse(bad);
    };
    CHECK_FALSE(Theme::parse("").has_value());
    CHECK_FALSE(Theme::parse("{}").has_value());
    CHECK_FALSE(Theme::parse(good.substr(0, good.size() / 2)).has_value());
    CHECK_FALSE(spoilt("\"page\": \"#F3F5F7\"", "\"page\": \"F3F5F7\"").has_value());
    CHECK_FALSE(spoilt("\"page\": \"#F3F5F7\"", "\"page\": 7").has_value());
    CHECK_FALSE(spoilt("\"scale_160\"", "\"scale_170\"").has_value());
    CHECK_FALSE(spoilt("\"mm_per_px\": 0.311", "\"mm_per_px\": 0").has_value());
    CHECK_FALSE(spoilt("\"fg\": \"ink\"", "\"fg\": \"inc\"").has_value());
}
