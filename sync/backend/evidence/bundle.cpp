// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/evidence/bundle.hpp"

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/limits_evidence.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"

namespace backend {
namespace {

using model::Json;
using model::JsonFields;
using model::JsonWriter;

constexpr std::size_t issuer_bytes_max = 255;
/// Records times recipients times acts is never reached: each act has at most 32 targets.
constexpr std::size_t effects_max = limits::evidence_records_max * limits::targets_max;
constexpr std::size_t lineage_max = limits::evidence_records_max * limits::epochs_max;

std::string_view effect_word(Effect effect) {
    return effect == Effect::suspends ? "suspends" : "ends";
}

std::string standing_json(const EvidenceStanding& standing) {
    return JsonWriter()
        .bytes("leaf", standing.leaf)
        .boolean("on_chain", standing.on_chain)
        .number("observed", standing.observed)
        .done();
}

std::string base_json(const EvidenceBase& each) {
    return JsonWriter()
        .text("terminal", base::to_text(each.terminal))
        .number("epoch", each.base.epoch)
        .number("base_epoch", each.base.base_epoch)
        .number("base_seq", each.base.base_seq)
        .done();
}

std::string effect_json(const EvidenceEffect& effect) {
    return JsonWriter()
        .number("part_of", effect.part_of)
        .number("part", effect.part)
        .number("act", effect.act)
        .text("effect", effect_word(effect.effect))
        .done();
}

base::Result<EvidenceStanding> read_standing(const Json& json) {
    JsonFields fields(json);
    EvidenceStanding out{fields.digest("leaf"), fields.boolean("on_chain"),
                         fields.number("observed", INT64_MAX)};
    if (!fields.ok()) return base::fail(base::Errc::message_bad, "evidence.standing");
    return out;
}

base::Result<EvidenceBase> read_base(const Json& json) {
    JsonFields fields(json);
    EvidenceBase out{fields.uuid("terminal"), {}};
    out.base.epoch = static_cast<std::uint32_t>(fields.number("epoch", UINT32_MAX));
    out.base.base_epoch = static_cast<std::uint32_t>(fields.number("base_epoch", UINT32_MAX));
    out.base.base_seq = fields.number("base_seq", INT64_MAX);
    if (!fields.ok()) return base::fail(base::Errc::message_bad, "evidence.lineage");
    return out;
}

base::Result<EvidenceEffect> read_effect(const Json& json, std::size_t records) {
    JsonFields fields(json);
    EvidenceEffect out;
    out.part_of = fields.number("part_of", records);
    out.part = fields.number("part", limits::recipients_max - 1);
    out.act = fields.number("act", records);
    const std::string word = fields.text("effect", 16);
    out.effect = word == "ends" ? Effect::ends : Effect::suspends;
    const bool known = word == effect_word(out.effect);
    if (!fields.ok() || !known || out.part_of == 0 || out.act == 0)
        return base::fail(base::Errc::message_bad, "evidence.effect");
    return out;
}

}  // namespace

std::string record_folder(std::size_t number) {
    std::string digits = std::to_string(number);
    digits.insert(0, digits.size() < 3 ? 3 - digits.size() : 0, '0');
    return "records/" + digits + "/";
}

std::string sums_of(const Bundle& bundle) {
    std::string out;
    for (const auto& [name, content] : bundle) {
        if (name == evidence_sums || name == evidence_signature) continue;
        out += base::to_hex(crypto::sha256(base::as_bytes(content))) + "  " + name + "\n";
    }
    return out;
}

std::string to_json(const About& about) {
    return JsonWriter()
               .text("format", evidence_format)
               .text("issuer", about.issuer)
               .text("declaration", base::to_text(about.declaration))
               .text("made", model::to_rfc3339(about.made_ms))
               .number("log_size", about.log_size)
               .number("records", about.records)
               .done() +
           "\n";
}

base::Result<About> parse_about(std::string_view text) {
    TRY(json, model::parse_json(text, limits::evidence_file_bytes_max));
    JsonFields fields(json);
    const std::string format = fields.text("format", 64);
    About about;
    about.issuer = fields.text("issuer", issuer_bytes_max);
    about.declaration = fields.uuid("declaration");
    const auto made = model::parse_rfc3339(fields.text("made", 32));
    about.made_ms = made.value_or(0);
    about.log_size = fields.number("log_size", INT64_MAX);
    about.records = fields.number("records", limits::evidence_records_max);
    if (!fields.ok() || !made || format != evidence_format || about.records == 0)
        return base::fail(base::Errc::message_bad, "evidence.about");
    return about;
}

std::string to_json(const EvidenceEffects& all) {
    std::vector<std::string> records;
    std::vector<std::string> lineage;
    std::vector<std::string> effects;
    for (const auto& each : all.records) records.push_back(standing_json(each));
    for (const auto& each : all.lineage) lineage.push_back(base_json(each));
    for (const auto& each : all.effects) effects.push_back(effect_json(each));
    return JsonWriter()
               .raw("records", model::json_array(records))
               .raw("lineage", model::json_array(lineage))
               .raw("effects", model::json_array(effects))
               .done() +
           "\n";
}

base::Result<EvidenceEffects> parse_effects(std::string_view text) {
    TRY(json, model::parse_json(text, limits::evidence_file_bytes_max));
    JsonFields fields(json);
    EvidenceEffects out;
    for (const Json& item : fields.array("records", limits::evidence_records_max)) {
        TRY(each, read_standing(item));
        out.records.push_back(each);
    }
    for (const Json& item : fields.array("lineage", lineage_max)) {
        TRY(each, read_base(item));
        out.lineage.push_back(each);
    }
    for (const Json& item : fields.array("effects", effects_max)) {
        TRY(each, read_effect(item, out.records.size()));
        out.effects.push_back(each);
    }
    if (!fields.ok() || out.records.empty())
        return base::fail(base::Errc::message_bad, "evidence.effects");
    return out;
}

}  // namespace backend
