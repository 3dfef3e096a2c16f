// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/kiosk_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sync/model/json.hpp"

namespace runtime {
namespace {

constexpr std::size_t file_bytes_max = 65'536;
constexpr std::size_t text_bytes_max = 256;
constexpr std::size_t path_bytes_max = 1'024;
constexpr std::size_t files_max = 32;
constexpr std::size_t languages_max = 16;
constexpr std::uint64_t seconds_max = 600;
constexpr std::uint64_t block_list_days_max = 365;
constexpr std::uint64_t age_max = 100;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> names{{
    {"de", "Deutsch"},
    {"de-x-leicht", "Leichte Sprache"},
    {"en", "English"},
    {"ar", "العربية"},
}};

std::vector<std::string> texts(model::JsonFields& fields, const char* key, std::size_t items_max,
                               std::size_t bytes_max) {
    std::vector<std::string> out;
    for (const model::Json& item : fields.array(key, items_max)) {
        const auto* text = item.get_ptr<const std::string*>();
        if (text == nullptr || text->empty() || text->size() > bytes_max) {
            fields.refuse();
            return {};
        }
        out.push_back(*text);
    }
    return out;
}

void number(model::JsonFields& fields, const char* key, std::uint64_t value_max, auto& out) {
    if (!fields.has(key)) return;
    const std::uint64_t value = fields.number(key, value_max);
    if (value == 0) fields.refuse();
    out = static_cast<std::remove_reference_t<decltype(out)>>(value);
}

void flag(model::JsonFields& fields, const char* key, bool& out) {
    if (fields.has(key)) out = fields.boolean(key);
}

void device(model::JsonFields& fields, const char* key, std::string& out) {
    if (!fields.has(key)) return;
    out = fields.text(key, path_bytes_max);
    if (!out.starts_with('/')) fields.refuse();
}

void read_signer(model::JsonFields& fields, CardFiles& out) {
    if (!fields.has("signer")) return;
    const std::string place = fields.text("signer", 16);
    if (place == "remote")
        out.signer = SignerPlace::remote;
    else if (place != "local")
        fields.refuse();
}

void read_block_list(model::JsonFields& fields, CardFiles& out) {
    if (!fields.has("block_list")) return;
    model::JsonFields members(fields.object("block_list"));
    BlockListFiles list;
    list.file = members.text("file", path_bytes_max);
    list.sector = members.text("sector", path_bytes_max);
    number(members, "days_max", block_list_days_max, list.days_max);
    if (!members.ok() || list.days_max == 0) fields.refuse();
    out.block_list = std::move(list);
}

bool read_card(const model::Json& json, CardFiles& out) {
    model::JsonFields fields(json);
    if (fields.has("certificates"))
        out.certificates = texts(fields, "certificates", files_max, path_bytes_max);
    out.sector = fields.text("sector", path_bytes_max);
    out.csca = texts(fields, "csca", files_max, path_bytes_max);
    read_signer(fields, out);
    read_block_list(fields, out);
    const bool certified = !out.certificates.empty() || out.signer == SignerPlace::remote;
    // Without a trust list nobody vouches for a chip, so a terminal without one is not set up.
    return fields.ok() && certified && !out.csca.empty();
}

bool read_ages(const model::Json& json, consent::AgeRules& out) {
    model::JsonFields fields(json);
    number(fields, "eid_age_min", age_max, out.eid_age_min);
    number(fields, "capacity_age", age_max, out.capacity_age);
    number(fields, "majority", age_max, out.majority);
    return fields.ok() && out.capacity_age <= out.majority;
}

bool read_seconds(const model::Json& json, KioskFile& out) {
    model::JsonFields fields(json);
    number(fields, "idle_warning", seconds_max, out.idle_warning_s);
    number(fields, "idle_purge", seconds_max, out.idle_purge_s);
    number(fields, "card_return", seconds_max, out.card_return_s);
    number(fields, "done", seconds_max, out.done_s);
    return fields.ok();
}

bool read_panel(const model::Json& json, PanelSize& out) {
    model::JsonFields fields(json);
    number(fields, "width", 8'192, out.width_px);
    number(fields, "height", 8'192, out.height_px);
    number(fields, "um_per_px", 2'000, out.um_per_px);
    return fields.ok() && out.width_px >= 640 && out.height_px >= 640;
}

/// Whether the URI is one is said where it is opened: here it is text only.
bool read_keys(const model::Json& json, keys::TokenPlace& out) {
    model::JsonFields fields(json);
    const std::string kind = fields.text("kind", 16);
    if (kind == "pkcs11") {
        out.uri = fields.text("uri", path_bytes_max);
        if (fields.has("module")) out.module = fields.text("module", path_bytes_max);
    }
    return fields.ok() && (kind == "pkcs11" || kind == "file");
}

bool read_languages(model::JsonFields& fields, KioskFile& out) {
    if (fields.has("languages")) out.languages = texts(fields, "languages", languages_max, 32);
    if (fields.has("language_default")) out.language_default = fields.text("language_default", 32);
    const auto known = [](const std::string& tag) { return !own_name(tag).empty(); };
    return std::ranges::all_of(out.languages, known) &&
           std::ranges::find(out.languages, out.language_default) != out.languages.end();
}

}  // namespace

std::string_view own_name(std::string_view tag) {
    for (const auto& [each, name] : names) {
        if (each == tag) return name;
    }
    return {};
}

base::Result<KioskFile> parse_kiosk_file(std::string_view json) {
    const auto bad = base::fail(base::Errc::config_bad, "kiosk file");
    const auto parsed = model::parse_json(json, file_bytes_max);
    if (!parsed) return bad;
    model::JsonFields fields(*parsed);
    KioskFile out;
    if (fields.text("schema", 64) != "freigabe-kiosk-1") return bad;
    out.provider = fields.text("provider", text_bytes_max);
    flag(fields, "low_reach", out.low_reach);
    flag(fields, "staff_call", out.staff_call);
    device(fields, "slip_reader", out.slip_reader);
    device(fields, "printer", out.printer);
    if (fields.has("syncd_user")) out.syncd_user = fields.text("syncd_user", 64);
    bool ok = read_languages(fields, out) && read_card(fields.object("card"), out.card);
    if (fields.has("ages")) ok = read_ages(fields.object("ages"), out.ages) && ok;
    if (fields.has("seconds")) ok = read_seconds(fields.object("seconds"), out) && ok;
    if (fields.has("panel")) ok = read_panel(fields.object("panel"), out.panel) && ok;
    if (fields.has("keys")) ok = read_keys(fields.object("keys"), out.token) && ok;
    if (!fields.ok() || !ok) return bad;
    return out;
}

}  // namespace runtime
