// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/courier_export.hpp"

#include "drivers/base/limits_courier.hpp"
#include "sync/courier/folder_reader.hpp"
#include "sync/courier/folder_writer.hpp"
#include "sync/model/batch.hpp"

namespace syncd {
namespace {

using base::Errc;
using courier::Direction;
using courier::FileKind;

/// Withdrawals are in the batches as well, so their copies need not be all: 64 files are 3,200 of
/// them, and leave room for the chain.
constexpr std::size_t advance_files_max = 64;
static_assert(advance_files_max * 2 < limits::courier_bodies_max);

/// One export on its way.
class Export {
  public:
    Export(port::UsbStore& stick, outbox::Client& kiosk, const base::Uuid& terminal)
        : kiosk_(kiosk), writer_(stick, Direction::out, terminal) {
        manifest_.terminal = terminal;
    }

    base::Result<Exported> run() {
        TRY_VOID(writer_.begin());
        TRY_VOID(put_advances());
        TRY_VOID(put_batches());
        TRY(cursor, kiosk_.event_cursor());
        manifest_.events_after = cursor;
        TRY(log_size, kiosk_.log_size());
        manifest_.log_size = log_size;
        manifest_.files = writer_.files();
        TRY(jws, kiosk_.sign_manifest(courier::encode(manifest_)));
        TRY_VOID(writer_.finish(jws));
        exported_.files = writer_.files().size();
        for (const auto& file : writer_.files()) exported_.bytes += file.bytes;
        exported_.manifest = crypto::sha256(base::as_bytes(jws));
        return exported_;
    }

  private:
    base::Result<void> put_advances() {
        outbox::PullAfter place{outbox::Lane::advance};
        for (std::uint32_t number = 1; number <= advance_files_max; ++number) {
            TRY(body, kiosk_.pull_after(place));
            if (body.empty()) return {};
            TRY(advance, model::parse_advance(body));
            TRY(last, model::parse_header(advance.copies.back().record.header));
            TRY_VOID(go_on(place, last.key));
            TRY_VOID(writer_.add({FileKind::advance, number}, body));
        }
        return {};
    }

    base::Result<void> put_batches() {
        outbox::PullAfter place{outbox::Lane::batch};
        for (std::uint32_t number = 1;; ++number) {
            TRY(body, kiosk_.pull_after(place));
            if (body.empty()) return {};
            if (writer_.files().size() == limits::courier_bodies_max) {
                exported_.more = true;
                return {};
            }
            TRY(batch, model::parse_batch(body));
            TRY_VOID(go_on(place, {batch.terminal, batch.epoch, batch.to}));
            TRY_VOID(writer_.add({FileKind::batch, number}, body));
            if (manifest_.epoch != batch.epoch) manifest_.from = batch.from;
            manifest_.epoch = batch.epoch;
            manifest_.to = batch.to;
            manifest_.head = std::move(batch.head);
        }
    }

    /// Moves the place behind this record; a kiosk that goes back would keep us here for ever.
    static base::Result<void> go_on(outbox::PullAfter& place, const model::RecordKey& key) {
        const bool forward =
            key.epoch > place.epoch || (key.epoch == place.epoch && key.seq > place.seq);
        if (!forward) return base::fail(Errc::message_bad, "courier bodies lead nowhere");
        place.epoch = key.epoch;
        place.seq = key.seq;
        return {};
    }

    outbox::Client& kiosk_;
    courier::FolderWriter writer_;
    courier::OutManifest manifest_;
    Exported exported_;
};

}  // namespace

base::Result<Exported> export_to(port::UsbStore& stick, outbox::Client& kiosk,
                                 const base::Uuid& terminal) {
    return Export(stick, kiosk, terminal).run();
}

base::Result<Exported> verify_export(port::UsbStore& stick, const base::Uuid& terminal,
                                     const crypto::Sha256Digest& manifest) {
    TRY(read, courier::read_out(stick, terminal));
    Exported found;
    found.manifest = crypto::sha256(base::as_bytes(read.jws));
    if (found.manifest != manifest)
        return base::fail(Errc::stick_bad, "stick has another export than the last one");
    for (const auto& file : read.manifest.files) {
        TRY(bytes, courier::read_file(stick, {Direction::out, terminal}, file));
        found.bytes += bytes.size();
        ++found.files;
    }
    return found;
}

}  // namespace syncd
