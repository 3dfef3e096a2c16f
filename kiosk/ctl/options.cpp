// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/options.hpp"

#include <algorithm>
#include <cstdio>

namespace ctl {
namespace {

bool is_option(std::string_view text) {
    return text.size() > 2 && text.starts_with("--");
}

std::nullopt_t refuse(const char* why, std::string_view what) {
    std::fprintf(stderr, "%s: %.*s\n", why, static_cast<int>(what.size()), what.data());
    return std::nullopt;
}

}  // namespace

std::optional<Options> Options::parse(Arguments arguments,
                                      std::initializer_list<OptionSpec> specs) {
    Options options;
    for (std::size_t i = 0; i < arguments.size();) {
        const std::string_view name = arguments[i++];
        if (!is_option(name)) {
            options.words_.push_back(name);
            continue;
        }
        const auto* spec = std::ranges::find(specs, name, &OptionSpec::name);
        if (spec == specs.end()) return refuse("unknown option", name);
        if (spec->takes != Takes::list && options.has(name)) return refuse("given twice", name);
        auto& values = options.given_[name];
        if (spec->takes == Takes::nothing) continue;
        const std::size_t before = values.size();
        while (i < arguments.size() && !is_option(arguments[i])) {
            values.push_back(arguments[i++]);
            if (spec->takes == Takes::value) break;
        }
        if (values.size() == before) return refuse("value missing after", name);
    }
    return options;
}

bool Options::has(std::string_view name) const {
    return given_.contains(name);
}

std::optional<std::string_view> Options::value(std::string_view name) const {
    const auto found = given_.find(name);
    if (found == given_.end() || found->second.empty()) return std::nullopt;
    return found->second.front();
}

std::vector<std::string_view> Options::values(std::string_view name) const {
    const auto found = given_.find(name);
    if (found == given_.end()) return {};
    return found->second;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t at = text.find(separator);
        if (at != 0) parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) break;
        text.remove_prefix(at + 1);
    }
    return parts;
}

}  // namespace ctl
