// SPDX-License-Identifier: EUPL-1.2
#include "sync/courier/manifest.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_courier.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/model/json.hpp"

namespace courier {
namespace {

using base::Errc;

constexpr std::string_view schema_out = "freigabe-courier-out-1";
constexpr std::string_view schema_in = "freigabe-courier-in-1";
// A signed head is about 400 characters.
constexpr std::size_t head_bytes_max = 1'024;
constexpr std::size_t word_bytes_max = 64;
constexpr std::string_view digest_begin = "sha-256=:";
constexpr std::string_view digest_end = "=:";

auto bad() {
    return base::fail(Errc::stick_bad, "courier manifest");
}

/// RFC 9530: base64 with its two own characters and padding; 32 bytes are 43 characters and one =.
std::string digest_text(const model::Digest& digest) {
    std::string text = base::to_base64url(digest);
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    return std::string(digest_begin) + text + std::string(digest_end);
}

bool read_digest(std::string_view text, model::Digest& out) {
    if (!text.starts_with(digest_begin) || !text.ends_with(digest_end)) return false;
    if (text.size() < digest_begin.size() + digest_end.size()) return false;
    text.remove_prefix(digest_begin.size());
    text.remove_suffix(digest_end.size());
    std::string url(text);
    if (url.find_first_of("-_") != url.npos) return false;
    std::ranges::replace(url, '+', '-');
    std::ranges::replace(url, '/', '_');
    const auto bytes = base::from_base64url(url);
    if (!bytes || bytes->size() != out.size()) return false;
    std::ranges::copy(*bytes, out.begin());
    return true;
}

std::string files_json(const std::vector<ManifestFile>& files) {
    std::vector<std::string> items;
    items.reserve(files.size());
    for (const ManifestFile& file : files) {
        items.push_back(model::JsonWriter()
                            .text("name", to_text(file.name))
                            .number("bytes", file.bytes)
                            .text("digest", digest_text(file.sha256))
                            .done());
    }
    return model::json_array(items);
}

std::vector<ManifestFile> read_files(model::JsonFields& fields, Direction direction) {
    const std::size_t files_max =
        direction == Direction::out ? limits::courier_bodies_max : limits::courier_files_max;
    std::vector<ManifestFile> files;
    for (const model::Json& item : fields.array("files", files_max)) {
        model::JsonFields members(item);
        const auto name = parse_file_name(members.text("name", limits::courier_name_bytes_max));
        ManifestFile file;
        file.bytes = members.number("bytes", limits::courier_file_bytes_max);
        const bool digest = read_digest(members.text("digest", 128), file.sha256);
        // Strictly rising: no file counts twice, and withdrawals come first.
        const bool fits = members.ok() && name && digest && belongs(name->kind, direction) &&
                          (files.empty() || files.back().name < *name);
        if (!fits) {
            fields.refuse();
            return {};
        }
        file.name = *name;
        files.push_back(file);
    }
    return files;
}

bool is_problem_word(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

std::vector<Refusal> read_refusals(model::JsonFields& fields) {
    std::vector<Refusal> refusals;
    for (const model::Json& item : fields.array("refused", limits::courier_files_max)) {
        model::JsonFields members(item);
        const auto name = parse_file_name(members.text("name", limits::courier_name_bytes_max));
        Refusal refusal;
        refusal.status = static_cast<unsigned>(members.number("status", 599));
        refusal.type = members.text("type", word_bytes_max);
        if (!members.ok() || !name || !is_problem_word(refusal.type)) {
            fields.refuse();
            return {};
        }
        refusal.name = *name;
        refusals.push_back(std::move(refusal));
    }
    return refusals;
}

}  // namespace

std::string encode(const OutManifest& manifest) {
    model::JsonWriter out;
    out.text("schema", schema_out)
        .text("terminal", base::to_text(manifest.terminal))
        .number("epoch", manifest.epoch)
        .number("from", manifest.from)
        .number("to", manifest.to)
        .text("head", manifest.head)
        .number("events_after", manifest.events_after)
        .number("log_size", manifest.log_size)
        .raw("files", files_json(manifest.files));
    return out.done();
}

std::string encode(const InManifest& manifest) {
    std::vector<std::string> refused;
    for (const Refusal& each : manifest.refused) {
        refused.push_back(model::JsonWriter()
                              .text("name", to_text(each.name))
                              .number("status", each.status)
                              .text("type", each.type)
                              .done());
    }
    model::JsonWriter out;
    out.text("schema", schema_in)
        .text("terminal", base::to_text(manifest.terminal))
        .raw("files", files_json(manifest.files))
        .raw("refused", model::json_array(refused));
    return out.done();
}

base::Result<OutManifest> parse_out_manifest(std::string_view payload) {
    const auto json = model::parse_json(payload, limits::courier_manifest_bytes_max);
    if (!json || !json->is_object()) return bad();
    model::JsonFields fields(*json);
    OutManifest manifest;
    if (fields.text("schema", word_bytes_max) != schema_out) fields.refuse();
    manifest.terminal = fields.uuid("terminal");
    manifest.epoch = static_cast<std::uint32_t>(fields.number("epoch", UINT32_MAX));
    manifest.from = fields.number("from", INT64_MAX);
    manifest.to = fields.number("to", INT64_MAX);
    manifest.head = fields.text_or_empty("head", head_bytes_max);
    manifest.events_after = fields.number("events_after", INT64_MAX);
    manifest.log_size = fields.number("log_size", INT64_MAX);
    manifest.files = read_files(fields, Direction::out);
    const bool none =
        manifest.epoch == 0 && manifest.from == 0 && manifest.to == 0 && manifest.head.empty();
    const bool some = manifest.epoch > 0 && manifest.from > 0 && manifest.to >= manifest.from &&
                      !manifest.head.empty();
    if (!fields.ok() || none == some) return bad();
    return manifest;
}

base::Result<InManifest> parse_in_manifest(std::string_view text) {
    const auto json = model::parse_json(text, limits::courier_manifest_bytes_max);
    if (!json || !json->is_object()) return bad();
    model::JsonFields fields(*json);
    InManifest manifest;
    if (fields.text("schema", word_bytes_max) != schema_in) fields.refuse();
    manifest.terminal = fields.uuid("terminal");
    manifest.files = read_files(fields, Direction::in);
    manifest.refused = read_refusals(fields);
    if (!fields.ok()) return bad();
    return manifest;
}

ManifestFile describe(const FileName& name, std::string_view bytes) {
    return {name, bytes.size(), crypto::sha256(base::as_bytes(bytes))};
}

}  // namespace courier
