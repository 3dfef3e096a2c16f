// SPDX-License-Identifier: EUPL-1.2
#include "sync/model/json_reader.hpp"

#include <simdjson.h>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"

namespace model {
namespace {

using base::Errc;
using simdjson::dom::element_type;

// At most json_depth_max calls deep.
// NOLINTBEGIN(misc-no-recursion)
base::Result<Json> tree_of(simdjson::dom::element from, std::size_t depth);

base::Result<Json> object_of(simdjson::dom::object from, std::size_t depth) {
    Json tree = Json::object();
    auto& members = tree.get_ref<Json::object_t&>();
    for (const auto& [key, value] : from) {
        TRY(member, tree_of(value, depth));
        if (!members.emplace(key, std::move(member)).second)
            return base::fail(Errc::message_bad, "json key twice");
    }
    return tree;
}

base::Result<Json> array_of(simdjson::dom::array from, std::size_t depth) {
    Json tree = Json::array();
    auto& items = tree.get_ref<Json::array_t&>();
    items.reserve(from.size());
    for (const auto& value : from) {
        TRY(item, tree_of(value, depth));
        items.push_back(std::move(item));
    }
    return tree;
}

/// depth  containers around the value.
base::Result<Json> tree_of(simdjson::dom::element from, std::size_t depth) {
    switch (from.type()) {
        case element_type::OBJECT:
            if (depth == limits::json_depth_max) break;
            return object_of(from.get_object().value_unsafe(), depth + 1);
        case element_type::ARRAY:
            if (depth == limits::json_depth_max) break;
            return array_of(from.get_array().value_unsafe(), depth + 1);
        case element_type::STRING:
            return Json(from.get_string().value_unsafe());
        case element_type::INT64: {
            // Whole numbers that are not negative have one type, as from nlohmann's own reader.
            const std::int64_t number = from.get_int64().value_unsafe();
            return number < 0 ? Json(number) : Json(static_cast<std::uint64_t>(number));
        }
        case element_type::UINT64:
            return Json(from.get_uint64().value_unsafe());
        case element_type::DOUBLE:
            return Json(from.get_double().value_unsafe());
        case element_type::BOOL:
            return Json(from.get_bool().value_unsafe());
        case element_type::NULL_VALUE:
            return Json();
    }
    return base::fail(Errc::message_bad, "json depth");
}
// NOLINTEND(misc-no-recursion)

}  // namespace

base::Result<Json> read_json(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    // An empty view may point nowhere, and the library copies from there.
    if (text.empty()) return base::fail(Errc::message_bad, "json");
    simdjson::dom::parser parser;
    // One level more than may be, because an empty container inside costs it none.
    CHECK(parser.allocate(text.size(), limits::json_depth_max + 1) == simdjson::SUCCESS);
    const auto tree = parser.parse(text.data(), text.size());
    switch (tree.error()) {
        case simdjson::SUCCESS:
            return tree_of(tree.value_unsafe(), 0);
        case simdjson::DEPTH_ERROR:
            return base::fail(Errc::message_bad, "json depth");
        default:
            return base::fail(Errc::message_bad, "json");
    }
}

}  // namespace model
