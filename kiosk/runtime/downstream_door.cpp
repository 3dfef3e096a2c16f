// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/downstream_door.hpp"

#include <algorithm>

#include "drivers/apdu/tlv_bundle.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "drivers/base/log.hpp"
#include "drivers/eid/block_list.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "drivers/eid/signer_certificate.hpp"
#include "drivers/keys/private_file.hpp"
#include "kiosk/consent/catalogue_rules.hpp"
#include "sync/downstream/catalogue_file.hpp"
#include "sync/downstream/configuration.hpp"
#include "sync/downstream/log_file.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace runtime {
namespace {

using base::Errc;
using downstream::Kind;

/// Signed by both roles and readable; the day on which it holds may be to come.
base::Result<void> check_catalogue(const downstream::Trust& trust, std::uint64_t floor_ms,
                                   std::string_view file) {
    const auto verified = downstream::verify_catalogue(file, trust.catalogue, {}, floor_ms);
    if (!verified && verified.error().code != Errc::catalogue_not_yet_valid) {
        return tl::unexpected(verified.error());
    }
    TRY(json, downstream::catalogue_payload(file));
    TRY_VOID(consent::load(json));
    return {};
}

base::Result<void> check_block_list(base::ByteView sector, base::ByteView content) {
    TRY(list, eid::BlockListView::parse(content));
    if (!sector.empty() && list.sector_hash() != crypto::sha256(sector)) {
        return base::fail(Errc::manifest_bad, "block list of another sector");
    }
    return {};
}

base::Result<void> check_log(base::ByteView content) {
    TRY(log, downstream::parse_log_file(base::as_text(content)));
    if (!receipts::checkpoint_origin_ok(log.name))
        return base::fail(Errc::manifest_bad, "name of a log");
    return {};
}

}  // namespace

base::Result<void> check_content(const DownstreamSettings& settings, std::uint64_t floor_ms,
                                 const downstream::Target& target, base::ByteView content) {
    const std::size_t count_max = limits::bundle_certificates_max;
    switch (target.kind) {
        case Kind::catalogue:
            return check_catalogue(settings.trust, floor_ms, base::as_text(content));
        case Kind::certificates: {
            TRY(each, apdu::split_bundle(content, count_max));
            for (const base::ByteView der : each) TRY_VOID(eid::parse_cv_certificate(der));
            return {};
        }
        case Kind::csca: {
            TRY(each, apdu::split_bundle(content, count_max));
            for (const base::ByteView der : each) TRY_VOID(eid::parse_signer_certificate(der));
            return {};
        }
        case Kind::block_list:
            return check_block_list(settings.revocation_sector, content);
        case Kind::configuration:
            TRY_VOID(downstream::parse_configuration(base::as_text(content)));
            return {};
        case Kind::log:
            return check_log(content);
    }
    return {};
}

class DownstreamDoor::JournalMemory final : public downstream::Memory {
  public:
    explicit JournalMemory(journal::Journal& journal) : journal_(journal) {}
    base::Result<std::optional<downstream::Remembered>> load() override {
        TRY(state, journal_.downstream_state());
        if (!state) return std::optional<downstream::Remembered>{};
        return std::optional(downstream::Remembered{
            std::move(state->root), std::move(state->manifest), state->manifest_counts});
    }
    base::Result<void> save(const downstream::Remembered& state) override {
        return journal_.store_downstream_state(
            {state.root_file, state.manifest_file, state.manifest_counts});
    }

  private:
    journal::Journal& journal_;
};

DownstreamDoor::DownstreamDoor(DownstreamSettings settings, journal::Journal& journal,
                               OnActive on_active)
    : settings_(std::move(settings)),
      journal_(journal),
      on_active_(std::move(on_active)),
      memory_(std::make_unique<JournalMemory>(journal)) {}

base::Result<std::unique_ptr<DownstreamDoor>> DownstreamDoor::open(DownstreamSettings settings,
                                                                   journal::Journal& journal,
                                                                   OnActive on_active) {
    std::unique_ptr<DownstreamDoor> door(
        new DownstreamDoor(std::move(settings), journal, std::move(on_active)));
    TRY(receiver,
        downstream::Receiver::open(
            {door->settings_.folder, door->settings_.terminal, door->settings_.enrolled_root},
            *door->memory_,
            [raw = door.get()](const downstream::Target& target, base::ByteView content) {
                return check_content(raw->settings_, raw->floor_ms(), target, content);
            }));
    door->receiver_.emplace(std::move(receiver));
    door->announce();
    door->follow_log();
    return door;
}

std::uint64_t DownstreamDoor::floor_ms() {
    return std::max(settings_.floor_ms, journal_.floor_ms());
}

void DownstreamDoor::announce() {
    const auto& active = receiver_->active();
    if (!active || active->version == announced_) return;
    announced_ = active->version;
    // A copy for technicians, whose tools cannot open the running journal; nothing reads it back.
    const auto copied = keys::write_file(settings_.folder / "active.jws", receiver_->active_file(),
                                         keys::Access::everyone);
    if (!copied) base::log_error(copied.error());
    on_active_(*active);
}

void DownstreamDoor::follow_log() {
    const auto& active = receiver_->active();
    if (!active) return;
    for (const downstream::Target& target :
         downstream::in_force(*active, settings_.terminal, floor_ms())) {
        if (target.kind != Kind::log || target.digest == log_told_) continue;
        if (const auto told = tell_log(target); !told) base::log_error(told.error());
        // Refused is told once: another word is another file.
        log_told_ = target.digest;
    }
}

base::Result<void> DownstreamDoor::tell_log(const downstream::Target& target) {
    TRY(content, keys::read_file(receiver_->store().path_of(target.digest),
                                 limits::log_target_bytes_max, keys::Access::everyone));
    if (crypto::sha256(content) != target.digest)
        return base::fail(Errc::manifest_bad, "log file was changed");
    TRY(log, downstream::parse_log_file(base::as_text(content)));
    return journal_.follow_log({std::move(log.name), std::move(log.keys)});
}

/// What is old stays in force, since nothing better is there; that it is old is said, once.
void DownstreamDoor::tell_age() {
    const auto& active = receiver_->active();
    if (!active || active->expires_ms > floor_ms() || active->version == told_expired_) return;
    told_expired_ = active->version;
    base::log_error({base::Errc::manifest_expired, "active manifest", 0});
}

base::Result<outbox::DownstreamState> DownstreamDoor::state() {
    tell_age();
    follow_log();
    outbox::DownstreamState out{receiver_->root().version, receiver_->manifest_version(), {}};
    for (const downstream::Wanted& each : receiver_->wanted()) {
        out.missing.push_back({each.file.digest, each.file.length, each.have});
    }
    return out;
}

base::Result<void> DownstreamDoor::offer(const outbox::OfferFile& file) {
    if (file.what == outbox::OfferFile::What::root) return receiver_->offer_root(file.file);
    TRY_VOID(receiver_->offer_manifest(file.file, floor_ms()));
    announce();
    follow_log();
    return {};
}

base::Result<void> DownstreamDoor::store(const outbox::StorePiece& piece) {
    TRY_VOID(receiver_->put(piece.digest, piece.offset, base::as_bytes(piece.bytes)));
    announce();
    follow_log();
    return {};
}

}  // namespace runtime
