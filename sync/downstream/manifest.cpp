// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/manifest.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_downstream.hpp"

namespace downstream {
namespace {

using base::Errc;

constexpr std::string_view manifest_schema = "freigabe-manifest-1";
constexpr std::uint64_t number_max = INT64_MAX;
constexpr std::size_t hex_bytes = 64;

struct KindRow {
    Kind kind;
    std::string_view word;
    bool single;
    std::uint64_t length_max;
};
constexpr std::array<KindRow, 7> kinds{{
    {Kind::catalogue, "catalogue", true, limits::catalogue_target_bytes_max},
    {Kind::certificates, "certificates", false, limits::certificates_target_bytes_max},
    {Kind::csca, "csca", false, limits::csca_target_bytes_max},
    {Kind::block_list, "block_list", true, limits::block_list_target_bytes_max},
    {Kind::configuration, "configuration", true, limits::configuration_target_bytes_max},
    {Kind::log, "log", true, limits::log_target_bytes_max},
    {Kind::backend, "backend", true, limits::backend_target_bytes_max},
}};

const KindRow& row_of(Kind kind) {
    return kinds.at(static_cast<std::size_t>(kind));
}

/// 64 lower-case hex digits, so that a digest has one name.
crypto::Sha256Digest hex_digest(model::JsonFields& fields, const char* key) {
    const std::string text = fields.text(key, hex_bytes);
    const auto bytes = base::from_hex(text);
    crypto::Sha256Digest out{};
    if (!bytes || bytes->size() != out.size() || base::to_hex(*bytes) != text) {
        fields.refuse();
        return out;
    }
    std::ranges::copy(*bytes, out.begin());
    return out;
}

bool is_name(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.front() != '.' && std::ranges::all_of(text, fits);
}

std::vector<DeltaTarget> read_deltas(const model::Json& list, model::JsonFields& owner) {
    std::vector<DeltaTarget> out;
    for (const model::Json& item : list) {
        model::JsonFields fields(item);
        DeltaTarget delta;
        delta.from = hex_digest(fields, "from");
        delta.length = fields.number("length", limits::block_list_target_bytes_max);
        delta.digest = hex_digest(fields, "sha256");
        if (!fields.ok() || delta.length == 0) owner.refuse();
        out.push_back(delta);
    }
    return out;
}

std::optional<Target> read_target(const model::Json& json, Kind kind) {
    model::JsonFields fields(json);
    Target out;
    out.kind = kind;
    fields.ignore("kind");
    out.name = fields.text("name", limits::target_name_bytes_max);
    out.length = fields.number("length", length_max(kind));
    out.digest = hex_digest(fields, "sha256");
    if (fields.has("valid_from_ms")) {
        out.valid_from_ms = fields.number("valid_from_ms", number_max);
        if (out.valid_from_ms == 0) fields.refuse();
    }
    if (fields.has("terminal")) out.terminal = fields.uuid("terminal");
    if (fields.has("deltas")) {
        out.deltas = read_deltas(fields.array("deltas", limits::target_deltas_max), fields);
        if (kind != Kind::block_list) fields.refuse();
    }
    if (!fields.ok() || out.length == 0 || !is_name(out.name)) return std::nullopt;
    return out;
}

/// A place that one file at a time fills.
using Slot = std::pair<Kind, std::string>;
Slot slot_of(const Target& target) {
    return {target.kind, is_single(target.kind) ? std::string() : target.name};
}

bool slots_fit(const std::vector<Target>& targets) {
    std::map<std::pair<Slot, std::optional<base::Uuid>>, std::vector<std::uint64_t>> dates;
    for (const Target& target : targets) {
        dates[{slot_of(target), target.terminal}].push_back(target.valid_from_ms);
    }
    return std::ranges::all_of(dates, [](auto& slot) {
        std::vector<std::uint64_t>& all = slot.second;
        std::ranges::sort(all);
        return all.front() == 0 && std::ranges::adjacent_find(all) == all.end() &&
               all.size() <= limits::target_dates_max;
    });
}

bool total_fits(const std::vector<Target>& targets) {
    std::uint64_t total = 0;  // at most 512 times 64 MB: no overflow
    for (const Target& target : targets) total += target.length;
    return total <= limits::downstream_bytes_max;
}

std::string write_target(const Target& target) {
    model::JsonWriter out;
    out.text("kind", word_of(target.kind))
        .text("name", target.name)
        .number("length", target.length)
        .text("sha256", base::to_hex(target.digest));
    if (target.valid_from_ms != 0) out.number("valid_from_ms", target.valid_from_ms);
    if (target.terminal) out.text("terminal", base::to_text(*target.terminal));
    if (target.deltas.empty()) return out.done();
    std::vector<std::string> deltas;
    for (const DeltaTarget& delta : target.deltas) {
        deltas.push_back(model::JsonWriter()
                             .text("from", base::to_hex(delta.from))
                             .number("length", delta.length)
                             .text("sha256", base::to_hex(delta.digest))
                             .done());
    }
    return out.raw("deltas", model::json_array(deltas)).done();
}

/// Whether `left` goes before `right` in its place at a moment at which both have come.
bool goes_before(const Target& left, const Target& right) {
    if (left.terminal.has_value() != right.terminal.has_value()) return left.terminal.has_value();
    return left.valid_from_ms > right.valid_from_ms;
}

}  // namespace

std::string_view word_of(Kind kind) {
    return row_of(kind).word;
}

std::optional<Kind> kind_of(std::string_view word) {
    const auto found = std::ranges::find(kinds, word, &KindRow::word);
    return found == kinds.end() ? std::nullopt : std::optional(found->kind);
}

bool is_single(Kind kind) {
    return row_of(kind).single;
}

std::uint64_t length_max(Kind kind) {
    return row_of(kind).length_max;
}

base::Result<Manifest> parse_manifest(base::ByteView payload) {
    const auto bad = base::fail(Errc::manifest_bad, "manifest form");
    const auto json = model::parse_json(base::as_text(payload), limits::manifest_file_bytes_max);
    if (!json) return bad;
    model::JsonFields fields(*json);
    Manifest out;
    const std::string schema = fields.text("schema", 64);
    out.version = fields.number("version", number_max);
    out.issued_ms = fields.number("issued_ms", number_max);
    out.expires_ms = fields.number("expires_ms", number_max);
    for (const model::Json& item : fields.array("targets", limits::manifest_targets_max)) {
        model::JsonFields members(item);
        const std::string word = members.text("kind", limits::target_name_bytes_max);
        if (!members.ok_with_others()) return bad;
        const auto kind = kind_of(word);
        if (!kind) continue;
        auto target = read_target(item, *kind);
        if (!target) return base::fail(Errc::manifest_bad, "manifest target");
        out.targets.push_back(std::move(*target));
    }
    if (!fields.ok() || schema != manifest_schema || out.version == 0) return bad;
    if (!slots_fit(out.targets) || !total_fits(out.targets)) {
        return base::fail(Errc::manifest_bad, "manifest places");
    }
    return out;
}

std::string write_manifest(const Manifest& manifest) {
    std::vector<std::string> targets;
    for (const Target& target : manifest.targets) targets.push_back(write_target(target));
    return model::JsonWriter()
        .text("schema", manifest_schema)
        .number("version", manifest.version)
        .number("issued_ms", manifest.issued_ms)
        .number("expires_ms", manifest.expires_ms)
        .raw("targets", model::json_array(targets))
        .done();
}

base::Result<Manifest> verify_manifest(std::string_view file, const Root& root,
                                       const ManifestSeen& seen, std::uint64_t floor_ms) {
    if (root.expires_ms <= floor_ms) return base::fail(Errc::manifest_expired, "root");
    TRY(payload, verify_threshold(file, root.manifest, limits::manifest_file_bytes_max));
    TRY(manifest, parse_manifest(payload));
    if (manifest.version < seen.version) return base::fail(Errc::manifest_rollback, "manifest");
    // The payload and not the file: one more signature makes no other manifest.
    if (manifest.version == seen.version && crypto::sha256(payload) != seen.payload_digest) {
        return base::fail(Errc::manifest_rollback, "manifest twice");
    }
    if (manifest.expires_ms <= floor_ms) return base::fail(Errc::manifest_expired, "manifest");
    return std::move(manifest);
}

std::vector<Target> targets_for(const Manifest& manifest, const base::Uuid& terminal) {
    std::vector<Target> out;
    for (const Target& target : manifest.targets) {
        if (!target.terminal || *target.terminal == terminal) out.push_back(target);
    }
    return out;
}

std::vector<Target> in_force(const Manifest& manifest, const base::Uuid& terminal,
                             std::uint64_t floor_ms) {
    std::map<Slot, Target> chosen;
    for (Target& target : targets_for(manifest, terminal)) {
        if (target.valid_from_ms > floor_ms) continue;
        const auto place = chosen.find(slot_of(target));
        if (place == chosen.end()) {
            chosen.emplace(slot_of(target), std::move(target));
        } else if (goes_before(target, place->second)) {
            place->second = std::move(target);
        }
    }
    std::vector<Target> out;
    out.reserve(chosen.size());
    for (auto& [slot, target] : chosen) out.push_back(std::move(target));
    return out;
}

std::optional<std::uint64_t> next_change_ms(const Manifest& manifest, std::uint64_t floor_ms) {
    std::optional<std::uint64_t> next;
    for (const Target& target : manifest.targets) {
        if (target.valid_from_ms <= floor_ms) continue;
        if (!next || target.valid_from_ms < *next) next = target.valid_from_ms;
    }
    return next;
}

}  // namespace downstream
