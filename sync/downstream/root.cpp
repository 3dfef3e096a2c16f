// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/root.hpp"

#include "drivers/base/limits_downstream.hpp"

namespace downstream {
namespace {

using base::Errc;

constexpr std::string_view root_schema = "freigabe-root-1";
// SQLite keeps signed numbers; a version above is a mistake or an attack.
constexpr std::uint64_t version_max = INT64_MAX;

}  // namespace

base::Result<Root> parse_root(base::ByteView payload) {
    const auto bad = base::fail(Errc::manifest_bad, "root form");
    const auto json = model::parse_json(base::as_text(payload), limits::root_file_bytes_max);
    if (!json) return bad;
    model::JsonFields fields(*json);
    Root out;
    const std::string schema = fields.text("schema", 64);
    out.version = fields.number("version", version_max);
    out.expires_ms = fields.number("expires_ms", version_max);
    auto root = parse_role(fields.object("root"), role_root);
    auto manifest = parse_role(fields.object("manifest"), role_manifest);
    if (!fields.ok() || schema != root_schema || out.version == 0 || !root || !manifest) return bad;
    out.root = std::move(*root);
    out.manifest = std::move(*manifest);
    return out;
}

std::string write_root(const Root& root) {
    return model::JsonWriter()
        .text("schema", root_schema)
        .number("version", root.version)
        .number("expires_ms", root.expires_ms)
        .raw("root", write_role(root.root))
        .raw("manifest", write_role(root.manifest))
        .done();
}

base::Result<Root> open_root(std::string_view file) {
    TRY(payload, payload_of(base::as_bytes(file), limits::root_file_bytes_max));
    TRY(root, parse_root(payload));
    TRY_VOID(verify_threshold(file, root.root, limits::root_file_bytes_max));
    return std::move(root);
}

base::Result<Root> follow_root(const Root& old, std::string_view file) {
    TRY(payload, verify_threshold(file, old.root, limits::root_file_bytes_max));
    TRY(root, parse_root(payload));
    TRY_VOID(verify_threshold(file, root.root, limits::root_file_bytes_max));
    if (root.version != old.version + 1) return base::fail(Errc::manifest_rollback, "root version");
    return std::move(root);
}

}  // namespace downstream
