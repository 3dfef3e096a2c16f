// SPDX-License-Identifier: EUPL-1.2
// JSON bytes -> Catalogue. Form only; what the law wants of the content is catalogue_rules.cpp.
#include <algorithm>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "kiosk/consent/catalogue.hpp"
#include "kiosk/consent/catalogue_rules.hpp"
#include "kiosk/consent/json_node.hpp"
#include "sync/model/json.hpp"

namespace consent {

namespace {

constexpr std::size_t id_bytes_max = 64;
constexpr std::size_t name_bytes_max = 200;
// The longest slot of a real text has about 240 bytes in Arabic; what is longer does not fit on a
// page at 200 %.
constexpr std::size_t slot_bytes_max = 480;
constexpr std::size_t languages_max = 32;
constexpr std::size_t authorities_max = 200;
constexpr std::size_t categories_max = 64;
constexpr std::size_t purposes_max = 100;
constexpr std::size_t durations_max = 32;
constexpr std::size_t entries_max = 100;

/// Numbers with `wanted_dots` dots between them: "1.0", "1.0.0".
bool is_version(std::string_view text, int wanted_dots) {
    int dots = 0;
    bool digit_before = false;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit && (c != '.' || !digit_before)) return false;
        if (c == '.') ++dots;
        digit_before = digit;
    }
    return dots == wanted_dots && digit_before;
}

std::string id_of(JsonNode& node, const char* key = "id") {
    std::string id = node.text(key, id_bytes_max);
    const bool fits = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
    if (!fits) node.fault(key, "may hold letters, digits, '-', '_' and '.' only");
    return id;
}

Date date_of(JsonNode& node, const char* key) {
    const std::string text = node.text(key, 10);
    const auto date = parse_date(text);
    if (!date && !text.empty()) node.fault(key, "is no day of the calendar (2026-11-24)");
    return date.value_or(Date{std::chrono::year{1970}, std::chrono::January, std::chrono::day{1}});
}

Texts texts_of(JsonNode& parent, const char* key) {
    // Texts by language are few and flat, so each language is asked for as a member.
    Texts out;
    JsonNode node = parent.object(key);
    for (const auto& language : node.keys(languages_max)) {
        out[language] = node.text(language.c_str(), name_bytes_max);
    }
    if (out.find("de") == out.end()) parent.fault(key, "needs at least German (de)");
    return out;
}

Contact contact_of(JsonNode& parent, const char* key) {
    JsonNode node = parent.object(key);
    Contact contact{node.text("name", name_bytes_max), node.text("address", name_bytes_max),
                    node.text("mail", name_bytes_max, Need::optional),
                    node.text("phone", name_bytes_max, Need::optional)};
    node.done();
    return contact;
}

/// Written anew, so that whoever uses it reads one form. Whether the point is on the curve is seen
/// where it is used.
std::string slip_key_of(JsonNode& node) {
    constexpr std::size_t coordinate_letters = 43;  // 32 bytes in base64url
    JsonNode key = node.object("slip_key");
    const std::string kty = key.text("kty", id_bytes_max);
    const std::string crv = key.text("crv", id_bytes_max);
    const std::string x = key.text("x", coordinate_letters);
    const std::string y = key.text("y", coordinate_letters);
    key.done();
    const bool fits = kty == "EC" && crv == "P-256" && x.size() == coordinate_letters &&
                      y.size() == coordinate_letters && base::from_base64url(x) &&
                      base::from_base64url(y);
    if (!fits) {
        node.fault("slip_key", "is no JWK on P-256 with kty, crv, x and y");
        return {};
    }
    return R"({"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + y + R"("})";
}

Authority authority_of(JsonNode& node) {
    Authority out;
    out.id = id_of(node);
    out.icon = node.text("icon", id_bytes_max);
    out.kind = node.text("kind", id_bytes_max);
    out.legal_nature = node.text("legal_nature", name_bytes_max);
    out.name = texts_of(node, "name");
    out.full_name = texts_of(node, "full_name");
    out.controller = contact_of(node, "controller");
    out.protection_officer = contact_of(node, "protection_officer");
    out.supervisor = contact_of(node, "supervisor");
    if (node.has("slip_key")) out.slip_key = slip_key_of(node);
    if (node.has("retention")) out.retention = texts_of(node, "retention");
    node.done();
    return out;
}

Category category_of(JsonNode& node) {
    Category out;
    out.id = id_of(node);
    out.icon = node.text("icon", id_bytes_max);
    if (node.has("special")) {
        out.special = node.word<Special>(
            "special", {{"health", Special::health}, {"counselling", Special::counselling}});
    }
    out.entrusted_possible = node.flag("entrusted_possible");
    out.text = texts_of(node, "text");
    out.brief = texts_of(node, "brief");
    node.done();
    return out;
}

Purpose purpose_of(JsonNode& node) {
    Purpose out{id_of(node), texts_of(node, "text")};
    node.done();
    return out;
}

Duration duration_of(JsonNode& node) {
    Duration out;
    out.id = id_of(node);
    out.months = node.number("months", 600);
    out.days = node.number("days", 3'660);
    out.until_age_years = node.number("until_age_years", 120);
    out.text = texts_of(node, "text");
    if (out.months != 0 && out.days != 0) node.fault("days", "stands beside months: choose one");
    if (out.until_age_years != 0 && out.months == 0 && out.days == 0) {
        node.fault("until_age_years", "needs months or days as its upper limit");
    }
    node.done();
    return out;
}

Wording wording_of(JsonNode& node) {
    Wording out;
    const bool draft = node.flag("draft");
    out.slots = {node.text("title", slot_bytes_max),       node.text("question", slot_bytes_max),
                 node.text("summary", slot_bytes_max),     node.text("purpose", slot_bytes_max),
                 node.text("without_yes", slot_bytes_max), node.text("excluded", slot_bytes_max),
                 node.text("withdrawal", slot_bytes_max),  node.text("ending", slot_bytes_max)};
    const Need approval = draft ? Need::optional : Need::required;
    out.approved_by = node.text("approved_by", name_bytes_max, approval);
    out.approved_at = node.text("approved_at", 10, approval);
    if (draft && !out.approved_by.empty()) {
        node.fault("draft", "is true although somebody approved it: remove one of the two");
    }
    if (!out.approved_at.empty() && !parse_date(out.approved_at)) {
        node.fault("approved_at", "is no day of the calendar (2026-11-24)");
    }
    node.done();
    return out;
}

LegalReview review_of(JsonNode& parent) {
    JsonNode node = parent.object("legal_review");
    LegalReview out;
    out.done = node.word<bool>("state", {{"pending", false}, {"done", true}});
    if (out.done) {
        out.by = node.text("by", name_bytes_max);
        out.date = to_text(date_of(node, "date"));
        out.reference = node.text("reference", name_bytes_max);
    }
    node.done();
    return out;
}

void read_parties(JsonNode& node, Entry& out) {
    out.sources = node.words("sources", limits::recipients_max);
    JsonNode recipients = node.object("recipients");
    out.recipients_chosen = recipients.word<bool>("mode", {{"fixed", false}, {"choice", true}});
    out.recipients = recipients.words("authorities", limits::recipients_max);
    recipients.done();
    out.both_ways = node.word<bool>("direction", {{"one_way", false}, {"both_ways", true}});
    out.one_time = node.word<bool>("use", {{"period", false}, {"one_time", true}});
}

void read_law(JsonNode& node, Entry& out) {
    out.legal_review = review_of(node);
    out.legal_basis = node.words("legal_basis", 16);
    out.transmission_norm = node.words("transmission_norm", 16, Need::optional);
    out.double_confirm = node.flag("double_confirm");
    out.excludes_entrusted = node.flag("excludes_entrusted");
    out.names_professional = node.flag("names_professional");
    out.names_counterpart = node.flag("names_counterpart");
    out.declarants = node.words("declarants", 3);
    out.guardian_rule = node.word<GuardianRule>(
        "guardian_rule", {{"guardians_below_capacity", GuardianRule::guardians_below_capacity},
                          {"insight_check", GuardianRule::insight_check},
                          {"alone_from_capacity", GuardianRule::alone_from_capacity},
                          {"everybody", GuardianRule::everybody}});
}

Entry entry_of(JsonNode& node) {
    Entry out;
    out.id = id_of(node);
    out.version = node.text("version", 16);
    if (!is_version(out.version, 1)) node.fault("version", "must have the form 1.0");
    out.act = node.word<ActType>("act_type",
                                 {{"consent", ActType::consent},
                                  {"confidentiality_release", ActType::confidentiality_release},
                                  {"objection", ActType::objection},
                                  {"once_only_decision", ActType::once_only_decision},
                                  {"notice", ActType::notice}});
    out.status = node.word<EntryStatus>("status", {{"draft", EntryStatus::draft},
                                                   {"active", EntryStatus::active},
                                                   {"retired", EntryStatus::retired}});
    read_parties(node, out);
    out.categories = node.words("categories", categories_max);
    read_law(node, out);
    if (out.act != ActType::notice || node.has("durations")) {
        JsonNode durations = node.object("durations");
        out.durations = durations.words("choices", durations_max);
        out.duration_default = durations.text("default", id_bytes_max);
        durations.done();
    }
    JsonNode wording = node.object("wording");
    for (auto& [language, words] : wording.members()) out.wording[language] = wording_of(words);
    node.done();
    return out;
}

void read_tables(JsonNode& root, Catalogue& out) {
    for (auto& node : root.objects("authorities", authorities_max)) {
        out.authorities.push_back(authority_of(node));
    }
    for (auto& node : root.objects("categories", categories_max)) {
        out.categories.push_back(category_of(node));
    }
    if (root.has("purposes")) {
        for (auto& node : root.objects("purposes", purposes_max)) {
            out.purposes.push_back(purpose_of(node));
        }
    }
    for (auto& node : root.objects("durations", durations_max)) {
        out.durations.push_back(duration_of(node));
    }
    for (auto& node : root.objects("entries", entries_max)) {
        out.entries.push_back(entry_of(node));
    }
}

Catalogue catalogue_of(JsonNode& root) {
    Catalogue out;
    if (root.text("schema", 64) != "freigabe-catalogue-1") {
        root.fault("schema", "must be freigabe-catalogue-1");
    }
    out.id = id_of(root);
    out.version = root.text("version", 16);
    if (!is_version(out.version, 2)) root.fault("version", "must have the form 1.0.0");
    out.valid_from = date_of(root, "valid_from");
    out.valid_until = date_of(root, "valid_until");
    if (out.valid_until < out.valid_from) root.fault("valid_until", "is before valid_from");
    out.sites = root.words("sites", 2'000);
    out.languages = root.words("languages", languages_max);
    JsonNode common = root.object("common");
    for (auto& [language, node] : common.members()) {
        out.common[language] = {node.text("no_disadvantage", slot_bytes_max),
                                node.text("voluntary", slot_bytes_max),
                                node.text("complaint", slot_bytes_max)};
        node.done();
    }
    read_tables(root, out);
    root.done();
    return out;
}

}  // namespace

Reading read(base::ByteView json) {
    Reading reading;
    const auto parsed = model::parse_json(base::as_text(json), limits::catalogue_bytes_max);
    if (!parsed) {
        reading.violations.push_back(
            {"", "FORMAT",
             "this is no JSON text: syntax, invalid UTF-8, a doubled name, or too large",
             "open it in an editor that knows JSON"});
        return reading;
    }
    JsonNode root(*parsed, "", reading.violations);
    Catalogue catalogue = catalogue_of(root);
    // Rules on a half-read catalogue would report consequences instead of causes.
    if (!reading.violations.empty()) return reading;
    reading.violations = violations(catalogue);
    reading.catalogue = std::move(catalogue);
    return reading;
}

base::Result<Catalogue> load(base::ByteView json) {
    Reading reading = read(json);
    if (!reading.catalogue || !reading.violations.empty()) {
        return base::fail(base::Errc::catalogue_bad, "catalogue rules",
                          static_cast<std::uint32_t>(reading.violations.size()));
    }
    return std::move(*reading.catalogue);
}

}  // namespace consent
