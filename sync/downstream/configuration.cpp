// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/configuration.hpp"

#include "drivers/base/limits_downstream.hpp"
#include "sync/model/json.hpp"

namespace downstream {
namespace {

constexpr std::string_view configuration_schema = "freigabe-configuration-1";
// As kiosk.json has them.
constexpr std::uint64_t age_max = 100;
constexpr std::uint64_t seconds_max = 600;
constexpr std::uint64_t days_max = 365;

void take_number(model::JsonFields& fields, const char* key, std::uint64_t value_max,
                 std::optional<std::uint32_t>& out) {
    if (!fields.has(key)) return;
    const std::uint64_t value = fields.number(key, value_max);
    if (value == 0) fields.refuse();
    out = static_cast<std::uint32_t>(value);
}

bool read_age_members(const model::Json& json, Configuration& out) {
    model::JsonFields fields(json);
    take_number(fields, "eid_age_min", age_max, out.eid_age_min);
    take_number(fields, "capacity_age", age_max, out.capacity_age);
    take_number(fields, "majority", age_max, out.majority);
    const bool both = out.capacity_age && out.majority;
    return fields.ok() && (!both || *out.capacity_age <= *out.majority);
}

bool read_second_members(const model::Json& json, Configuration& out) {
    model::JsonFields fields(json);
    take_number(fields, "idle_warning", seconds_max, out.idle_warning_s);
    take_number(fields, "idle_purge", seconds_max, out.idle_purge_s);
    take_number(fields, "card_return", seconds_max, out.card_return_s);
    take_number(fields, "done", seconds_max, out.done_s);
    return fields.ok();
}

}  // namespace

base::Result<Configuration> parse_configuration(std::string_view text) {
    const auto bad = base::fail(base::Errc::manifest_bad, "configuration");
    const auto json = model::parse_json(text, limits::configuration_target_bytes_max);
    if (!json) return bad;
    model::JsonFields fields(*json);
    Configuration out;
    bool ok = fields.text("schema", 64) == configuration_schema;
    if (fields.has("ages")) ok = read_age_members(fields.object("ages"), out) && ok;
    if (fields.has("seconds")) ok = read_second_members(fields.object("seconds"), out) && ok;
    take_number(fields, "block_list_days_max", days_max, out.block_list_days_max);
    if (!fields.ok() || !ok) return bad;
    return out;
}

}  // namespace downstream
