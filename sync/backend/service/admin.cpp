// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/admin.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_evidence.hpp"
#include "drivers/keys/private_file.hpp"
#include "sync/backend/evidence/export.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/service/key_files.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/open.hpp"
#include "sync/model/times.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace backend {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t day_ms = 86'400'000;
/// A terminal that works is heard of within weeks; a clock that is wrong is wrong by years.
constexpr std::uint64_t silence_ms_max = 31 * day_ms;
constexpr Statement last_word{
    "SELECT COALESCE(MAX(CASE WHEN contact_ms > enrolled_ms THEN contact_ms ELSE enrolled_ms END),"
    " 0) FROM terminal"};

base::Result<void> write_bundle(const Bundle& bundle, const fs::path& folder) {
    std::error_code error;
    if (fs::exists(folder, error))
        return base::fail(base::Errc::file_io, "evidence.folder", EEXIST);
    for (const auto& [name, content] : bundle) {
        const fs::path path = folder / name;
        fs::create_directories(path.parent_path(), error);
        if (error)
            return base::fail(base::Errc::file_io, "evidence.folder",
                              static_cast<std::uint32_t>(error.value()));
        TRY_VOID(keys::create_file(path, base::as_bytes(content), keys::Access::everyone));
    }
    return {};
}

/// A new device gets a new UUID (operations.md).
base::Result<std::string> invite_one(Store& store, const Invitation& invitation,
                                     port::Random& random) {
    TRY(recorded, has_recorded(store, invitation.terminal));
    if (recorded) return base::fail(base::Errc::config_bad, "invite.terminal_in_use");
    return invite(store, invitation, random);
}

}  // namespace

base::Result<std::string> invite_all(Store& store, const Options& options, port::Clock& clock,
                                     port::Random& random) {
    const bool site = !options.site.empty() && options.site.size() <= limits::site_bytes_max;
    if (!site || options.terminal.empty() == options.terminals.empty())
        return base::fail(base::Errc::config_bad, "invite.options");
    const std::uint64_t expires_ms = clock.wall_ms() + limits::invitation_ms_max;
    if (options.terminals.empty()) {
        const auto terminal = base::parse_uuid(options.terminal);
        if (!terminal) return base::fail(base::Errc::config_bad, "invite.terminal");
        TRY(code, invite_one(store, {*terminal, options.site, expires_ms}, random));
        return code + "\n";
    }
    TRY(list, keys::read_file(options.terminals, limits::evidence_file_bytes_max,
                              keys::Access::everyone));
    std::string out;
    for (std::string_view rest = base::as_text(list); !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const auto terminal = base::parse_uuid(line);
        if (!terminal) return base::fail(base::Errc::config_bad, "invite.terminals");
        TRY(code, invite_one(store, {*terminal, options.site, expires_ms}, random));
        out.append(line).append(" ").append(code).append("\n");
    }
    return out;
}

base::Result<void> check_purge_clock(Store& store, const std::string& today, std::uint64_t now_ms) {
    if (!today.empty()) {
        const bool same =
            now_ms <= model::unix_ms_max && model::parse_date(today) == model::day_of(now_ms);
        return same ? base::Result<void>() : base::fail(base::Errc::config_bad, "purge.today");
    }
    TRY(rows, store.run(last_word, {}));
    const std::uint64_t last_ms = rows.at(0).count(0);
    const bool ahead = last_ms != 0 && now_ms > last_ms + silence_ms_max;
    return ahead ? base::fail(base::Errc::config_bad, "purge.clock") : base::Result<void>();
}

base::Result<std::unique_ptr<Store>> open_store(const Options& options) {
    const std::string file = sqlite_file(options.store);
    const bool may_make = options.command == "serve" || options.command == "invite";
    std::error_code error;
    if (!file.empty() && !may_make && !fs::exists(file, error))
        return base::fail(base::Errc::file_io, "store.missing", ENOENT);
    TRY(stores, open_stores(options.store));
    return stores->open();
}

base::Result<void> write_evidence(Store& store, const Options& options, port::Clock& clock,
                                  port::Random& random) {
    const auto declaration = base::parse_uuid(options.declaration);
    if (!declaration || options.out.empty())
        return base::fail(base::Errc::config_bad, "evidence.options");
    if (!receipts::checkpoint_origin_ok(options.issuer))
        return base::fail(base::Errc::config_bad, "options.issuer");
    TRY(receipt_key, read_p256_key(options.receipt_key));
    const bool own_log_key = !options.checkpoint_key.empty();
    TRY(log_keys, read_p256_keys(own_log_key ? options.checkpoint_key : options.receipt_key));
    const LogSigner log(options.issuer, log_keys, random);
    EvidenceRequest request{*declaration, {}};
    if (!options.catalogue.empty()) {
        TRY(content, keys::read_file(options.catalogue, limits::evidence_file_bytes_max,
                                     keys::Access::everyone));
        request.catalogue = std::string(base::as_text(content));
    }
    TRY(bundle, export_evidence(store, {options.issuer, receipt_key, log, clock, random}, request));
    return write_bundle(bundle, options.out);
}

}  // namespace backend
