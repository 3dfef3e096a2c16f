// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/catalogue_store.hpp"

#include <cerrno>
#include <optional>

#include "drivers/base/log.hpp"
#include "drivers/keys/private_file.hpp"
#include "sync/downstream/catalogue_file.hpp"
#include "sync/model/json.hpp"

namespace runtime {
namespace {

constexpr std::size_t catalogue_bytes_max = 4U << 20U;
constexpr std::size_t seen_bytes_max = 1'024;

base::Result<std::optional<downstream::CatalogueSeen>> read_seen(
    const std::filesystem::path& path) {
    const auto bytes = keys::read_file(path, seen_bytes_max, keys::Access::everyone);
    if (!bytes) {
        if (bytes.error().detail == ENOENT) return std::optional<downstream::CatalogueSeen>{};
        return tl::unexpected(bytes.error());
    }
    const auto bad = base::fail(base::Errc::config_bad, "catalogue mark");
    const auto json = model::parse_json(base::as_text(*bytes), seen_bytes_max);
    if (!json) return bad;
    model::JsonFields fields(*json);
    const auto version = downstream::parse_version(fields.text("version", 64));
    const model::Digest hash = fields.digest("hash");
    if (!fields.ok() || !version) return bad;
    return std::optional(downstream::CatalogueSeen{*version, hash});
}

}  // namespace

base::Result<ActiveCatalogue> activate_catalogue(const std::filesystem::path& folder,
                                                 const downstream::Trust& trust,
                                                 std::uint64_t floor_ms) {
    TRY(file,
        keys::read_file(folder / "catalogue.jws", catalogue_bytes_max, keys::Access::everyone));
    return activate_catalogue(folder, file, trust, floor_ms);
}

base::Result<ActiveCatalogue> activate_catalogue(const std::filesystem::path& folder,
                                                 base::ByteView file,
                                                 const downstream::Trust& trust,
                                                 std::uint64_t floor_ms) {
    const auto seen_path = folder / "catalogue.seen";
    TRY(seen, read_seen(seen_path));
    TRY(verified,
        downstream::verify_catalogue(base::as_text(file), trust.catalogue, seen, floor_ms));
    TRY(catalogue, consent::load(verified.json));
    if (!seen || seen->version < verified.version) {
        const std::string mark = model::JsonWriter()
                                     .text("version", downstream::to_text(verified.version))
                                     .bytes("hash", verified.hash)
                                     .done();
        TRY_VOID(keys::write_file(seen_path, base::as_bytes(mark), keys::Access::everyone));
    }
    base::log(base::LogEvent::catalogue_loaded,
              {{"entries", static_cast<std::int64_t>(catalogue.entries.size())}});
    return ActiveCatalogue{std::move(catalogue), verified.hash};
}

}  // namespace runtime
