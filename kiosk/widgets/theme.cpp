// SPDX-License-Identifier: EUPL-1.2
// Implementation of theme.hpp. Strict: a token that is missing or mistyped is an error, never a
// default.
#include "kiosk/widgets/theme.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace widgets {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, colour_count> colour_names{
    "page",   "surface",     "sunken",      "ink",   "ink_soft", "border",  "divider",
    "accent", "on_accent",   "accent_tint", "ok",    "ok_tint",  "warn",    "warn_tint",
    "danger", "danger_tint", "focus",       "scrim", "pressed",  "disabled"};

/// Walks down a path of keys; null if a key is missing.
const Json* at(const Json& root, std::initializer_list<std::string_view> path) {
    const Json* node = &root;
    for (const std::string_view key : path) {
        if (!node->is_object()) return nullptr;
        const auto found = node->find(std::string(key));
        if (found == node->end()) return nullptr;
        node = &*found;
    }
    return node;
}

std::optional<double> number(const Json& root, std::initializer_list<std::string_view> path) {
    const Json* node = at(root, path);
    if (node == nullptr || !node->is_number()) return std::nullopt;
    return node->get<double>();
}

std::optional<std::uint32_t> colour(const Json& value) {
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() != 7 || text[0] != '#') return std::nullopt;
    std::uint32_t rgb = 0;
    for (const char c : text.substr(1)) {
        const auto digit = std::string_view("0123456789ABCDEF").find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        rgb = rgb * 16 + static_cast<std::uint32_t>(digit);
    }
    return rgb;
}

std::optional<Colour> colour_named(const Json* value) {
    if (value == nullptr || !value->is_string()) return std::nullopt;
    const auto found =
        std::find(colour_names.begin(), colour_names.end(), value->get_ref<const std::string&>());
    if (found == colour_names.end()) return std::nullopt;
    return static_cast<Colour>(found - colour_names.begin());
}

bool read_palettes(const Json& root, Theme& theme) {
    constexpr std::array<std::string_view, 3> names{"light", "dark", "contrast"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        for (std::size_t c = 0; c < colour_count; ++c) {
            const Json* value = at(root, {"theme", names.at(i), colour_names.at(c)});
            const auto rgb = value == nullptr ? std::nullopt : colour(*value);
            if (!rgb) return false;
            theme.palettes.at(i).at(c) = *rgb;
        }
    }
    return true;
}

bool read_style(const Json& root, std::string_view scale, std::string_view name,
                text::Style& style) {
    const auto size = number(root, {"type", scale, name, "size", "px"});
    const auto line = number(root, {"type", scale, name, "line", "px"});
    const auto weight = number(root, {"type", "weight", name});
    if (!size || !line || !weight) return false;
    style.size_px = static_cast<float>(*size);
    style.line_px = static_cast<int>(*line);
    style.weight = *weight >= 600 ? text::Weight::bold : text::Weight::regular;
    return true;
}

bool read_type(const Json& root, Theme& theme) {
    constexpr std::array<std::string_view, 3> names{"scale_100", "scale_160", "scale_200"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        TypeScale& scale = theme.scales.at(i);
        if (!read_style(root, names.at(i), "body", scale.body)) return false;
        if (!read_style(root, names.at(i), "heading", scale.heading)) return false;
        if (!read_style(root, names.at(i), "title", scale.title)) return false;
    }
    const auto dense = number(root, {"type", "body_line_dense", "px"});
    const auto chrome = number(root, {"type", "chrome_max", "size", "px"});
    const auto mm = number(root, {"panel", "reference", "mm_per_px"});
    const auto strike = number(root, {"target", "double_strike_ms"});
    if (!dense || !chrome || !mm || *mm <= 0 || !strike) return false;
    theme.body_line_dense_px = static_cast<int>(*dense);
    theme.chrome_max_px = static_cast<float>(*chrome);
    theme.mm_per_px = *mm;
    theme.double_strike_ms = static_cast<int>(*strike);
    return true;
}

bool read_lists(const Json& root, Theme& theme) {
    const Json* mirrored = at(root, {"icon", "mirrored_in_rtl"});
    const Json* pairs = at(root, {"contrast_rule", "pairs"});
    if (mirrored == nullptr || !mirrored->is_array()) return false;
    if (pairs == nullptr || !pairs->is_array()) return false;
    for (const Json& name : *mirrored) {
        if (!name.is_string()) return false;
        theme.mirrored.push_back(name.get<std::string>());
    }
    for (const Json& pair : *pairs) {
        const auto text = colour_named(at(pair, {"fg"}));
        const auto ground = colour_named(at(pair, {"bg"}));
        const auto min = number(pair, {"min"});
        if (!text || !ground || !min) return false;
        theme.contrast.push_back({*text, *ground, *min});
    }
    return true;
}

}  // namespace

std::string_view name_of(Colour colour) {
    return colour_names.at(static_cast<std::size_t>(colour));
}

base::Result<Theme> Theme::parse(std::string_view json) {
    const Json root = Json::parse(json, nullptr, false);
    if (root.is_discarded()) return base::fail(base::Errc::config_bad, "tokens");
    Theme theme;
    if (!read_palettes(root, theme)) return base::fail(base::Errc::config_bad, "tokens_theme");
    if (!read_type(root, theme)) return base::fail(base::Errc::config_bad, "tokens_type");
    if (!read_lists(root, theme)) return base::fail(base::Errc::config_bad, "tokens_lists");
    return theme;
}

bool Theme::is_mirrored(std::string_view icon) const {
    return std::find(mirrored.begin(), mirrored.end(), icon) != mirrored.end();
}

}  // namespace widgets
