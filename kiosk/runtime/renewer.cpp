// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/renewer.hpp"

#include <algorithm>

#include "drivers/apdu/tlv_bundle.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "drivers/base/log.hpp"
#include "drivers/eid/restricted_id.hpp"
#include "drivers/keys/private_file.hpp"
#include "kiosk/runtime/catalogue_store.hpp"
#include "kiosk/runtime/moment.hpp"
#include "sync/model/downstream_names.hpp"

namespace runtime {
namespace {

using downstream::Kind;
using downstream::Target;

template <class Number>
void put_if(const std::optional<std::uint32_t>& value, Number& out) {
    if (value) out = static_cast<Number>(*value);
}

std::filesystem::path target_path(const std::filesystem::path& state, const Target& target) {
    return state / "downstream" / model::targets_folder_name /
           model::target_file_name(target.digest);
}

}  // namespace

void apply_configuration(const downstream::Configuration& configuration, core::Setup& setup,
                         std::optional<BlockListRule>& block_list) {
    put_if(configuration.eid_age_min, setup.ages.eid_age_min);
    put_if(configuration.capacity_age, setup.ages.capacity_age);
    put_if(configuration.majority, setup.ages.majority);
    put_if(configuration.idle_warning_s, setup.idle_warning_s);
    put_if(configuration.idle_purge_s, setup.idle_purge_s);
    put_if(configuration.card_return_s, setup.card_return_s);
    put_if(configuration.done_s, setup.done_s);
    if (block_list) put_if(configuration.block_list_days_max, block_list->days_max);
}

void Renewer::announce(const downstream::Manifest& manifest) {
    const std::lock_guard lock(mutex_);
    active_ = manifest;
    fresh_ = true;
}

bool Renewer::due(std::uint64_t floor_ms) {
    const std::lock_guard lock(mutex_);
    return fresh_ || (next_change_ms_ && *next_change_ms_ <= floor_ms);
}

Renewed Renewer::make(std::uint64_t floor_ms) {
    std::vector<Target> targets;
    {
        const std::lock_guard lock(mutex_);
        fresh_ = false;
        next_change_ms_.reset();
        if (active_) {
            targets = downstream::in_force(*active_, enrolled_.files.terminal.terminal, floor_ms);
            next_change_ms_ = downstream::next_change_ms(*active_, floor_ms);
        }
    }
    Renewed out;
    out.setup = setup_of(enrolled_.files);
    out.card = {enrolled_.card.certificates, enrolled_.card.settings.trusted_csca,
                enrolled_.card.block_list};
    take_card_files(targets, out);
    take_catalogue(targets, floor_ms, out);
    return out;
}

/// The file if it is there and is the one that was signed; the journal thread may be replacing it.
std::optional<base::Bytes> Renewer::read(const Target& target) const {
    auto content = keys::read_file(target_path(enrolled_.state, target),
                                   static_cast<std::size_t>(target.length), keys::Access::everyone);
    if (content && crypto::sha256(*content) == target.digest) return std::move(*content);
    base::log_error(content ? base::Error{base::Errc::manifest_bad, "downstream file damaged", 0}
                            : content.error());
    return std::nullopt;
}

void Renewer::take_catalogue(const std::vector<Target>& targets, std::uint64_t floor_ms,
                             Renewed& out) const {
    const auto came = std::ranges::find(targets, Kind::catalogue, &Target::kind);
    base::Result<ActiveCatalogue> active = base::fail(base::Errc::catalogue_bad, "none came down");
    if (came != targets.end()) {
        const auto file = read(*came);
        if (file)
            active = activate_catalogue(enrolled_.state, *file, enrolled_.files.trust, floor_ms);
        if (file && !active) base::log_error(active.error());
    }
    if (!active) active = activate_catalogue(enrolled_.state, enrolled_.files.trust, floor_ms);
    if (!active) {
        base::log_error(active.error());
        out.setup.catalogue_trouble = active.error().code;
        return;
    }
    out.catalogue = {active->catalogue.version, active->hash, {}};
    out.setup.catalogue = std::move(active->catalogue);
    out.setup.offers =
        core::make_offers(out.setup.catalogue, out.setup.drafts, moment_now(clock_).date);
}

void Renewer::take_card_files(const std::vector<Target>& targets, Renewed& out) const {
    std::vector<base::Bytes> csca;
    for (const Target& target : targets) {
        if (target.kind == Kind::catalogue) continue;
        if (target.kind == Kind::block_list) {
            // Mapped where it lies, and verified by whoever opens it.
            if (out.card.block_list)
                out.card.block_list->file = target_path(enrolled_.state, target);
            continue;
        }
        const auto content = read(target);
        if (!content) continue;
        if (target.kind == Kind::certificates) take_certificates(*content, out.card);
        if (target.kind == Kind::csca) {
            const auto each = apdu::split_bundle(*content, limits::bundle_certificates_max);
            if (!each) continue;
            for (const base::ByteView der : *each) csca.emplace_back(der.begin(), der.end());
        }
        if (target.kind == Kind::configuration) {
            const auto numbers = downstream::parse_configuration(base::as_text(*content));
            if (numbers) apply_configuration(*numbers, out.setup, out.card.block_list);
        }
    }
    // In place of the enrolled ones: one that is trusted no more must be able to go.
    if (!csca.empty()) out.card.trusted_csca = std::move(csca);
}

/// Those of authorities, and of the fleet's terminals the one that certifies our key.
void Renewer::take_certificates(base::ByteView bundle, CardRenewal& out) const {
    const auto each = apdu::split_bundle(bundle, limits::bundle_certificates_max);
    if (!each) return;
    for (const base::ByteView der : *each) {
        const auto certificate = eid::parse_cv_certificate(der);
        if (!certificate || out.certificates.size() == limits::certificate_pool_max) continue;
        if (certificate->chat.role == eid::Role::terminal) {
            if (!enrolled_.terminal_point ||
                !base::equal(certificate->key.point, *enrolled_.terminal_point)) {
                continue;
            }
            const auto fits =
                eid::check_sector_key(*certificate, enrolled_.card.settings.sector_key);
            if (!fits) {
                base::log_error(fits.error());
                continue;
            }
        }
        out.certificates.emplace_back(der.begin(), der.end());
    }
}

}  // namespace runtime
