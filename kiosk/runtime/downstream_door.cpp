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
        case Kind::backend:
            TRY_VOID(downstream::parse_backend_file(base::as_text(content)));
            return {};
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

DownstreamDoor::DownstreamDoor(DownstreamSettings settings, journal::Journal& journal, Told told)
    : settings_(std::move(settings)),
      journal_(journal),
      told_(std::move(told)),
      memory_(std::make_unique<JournalMemory>(journal)) {}

base::Result<std::unique_ptr<DownstreamDoor>> DownstreamDoor::open(DownstreamSettings settings,
                                                                   journal::Journal& journal,
                                                                   Told told) {
    std::unique_ptr<DownstreamDoor> door(
        new DownstreamDoor(std::move(settings), journal, std::move(told)));
    TRY(receiver,
        downstream::Receiver::open(
            {door->settings_.folder, door->settings_.terminal, door->settings_.enrolled_root},
            *door->memory_,
            [raw = door.get()](const downstream::Target& target, base::ByteView content) {
                return check_content(raw->settings_, raw->floor_ms(), target, content);
            }));
    door->receiver_.emplace(std::move(receiver));
    door->announce();
    door->follow_backend();
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
    told_.on_active(*active);
}

void DownstreamDoor::follow_backend() {
    const auto& active = receiver_->active();
    if (!active) return;
    const auto targets = downstream::in_force(*active, settings_.terminal, floor_ms());
    bool came = false;
    for (const downstream::Target& target : targets) {
        came = came || target.kind == Kind::backend;
        const bool log = target.kind == Kind::log && target.digest != log_told_;
        const bool keys = target.kind == Kind::backend && target.digest != backend_told_;
        if (!log && !keys) continue;
        if (const auto told = tell(target); !told) base::log_error(told.error());
        // Refused is told once: another word is another file.
        if (log) log_told_ = target.digest;
        if (keys) backend_told_ = target.digest;
    }
    if (came || !backend_told_) return;
    backend_told_.reset();
    downstream::BackendFile enrolled{settings_.trust.views, settings_.trust.more_receipts};
    enrolled.receipts.insert(enrolled.receipts.begin(), settings_.trust.receipts.point);
    if (const auto told = tell_backend(enrolled); !told) base::log_error(told.error());
}

base::Result<void> DownstreamDoor::tell(const downstream::Target& target) {
    TRY(content, keys::read_file(receiver_->store().path_of(target.digest),
                                 static_cast<std::size_t>(target.length), keys::Access::everyone));
    if (crypto::sha256(content) != target.digest)
        return base::fail(Errc::manifest_bad, "file of the backend was changed");
    if (target.kind == Kind::backend) {
        TRY(backend, downstream::parse_backend_file(base::as_text(content)));
        return tell_backend(backend);
    }
    TRY(log, downstream::parse_log_file(base::as_text(content)));
    return journal_.follow_log({std::move(log.name), std::move(log.keys)});
}

base::Result<void> DownstreamDoor::tell_backend(const downstream::BackendFile& keys) {
    TRY_VOID(journal_.trust_backend(keys.views, keys.receipts));
    if (told_.on_backend) told_.on_backend(keys);
    return {};
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
    follow_backend();
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
    follow_backend();
    return {};
}

base::Result<void> DownstreamDoor::store(const outbox::StorePiece& piece) {
    TRY_VOID(receiver_->put(piece.digest, piece.offset, base::as_bytes(piece.bytes)));
    announce();
    follow_backend();
    return {};
}

}  // namespace runtime
