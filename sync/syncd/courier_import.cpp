// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/courier_import.hpp"

#include "sync/courier/folder_reader.hpp"
#include "sync/transport/answers.hpp"

namespace syncd {
namespace {

using base::Errc;
using courier::FileKind;

/// True if this says something about the piece and not about us, the stick or the kiosk's disk.
bool is_about_the_piece(const base::Error& error) {
    switch (error.code) {
        case Errc::receipt_bad:
        case Errc::message_bad:
        case Errc::stick_bad:
        case Errc::sequence_gap:
        case Errc::fork_detected:
        case Errc::record_bad:
            return true;
        default:
            return false;
    }
}

class Import {
  public:
    Import(port::UsbStore& stick, outbox::Client& kiosk, const base::Uuid& terminal)
        : stick_(stick), kiosk_(kiosk), folder_{courier::Direction::in, terminal} {}

    base::Result<Imported> run() {
        TRY(manifest, courier::read_in(stick_, folder_.terminal));
        imported_.files = manifest.files.size();
        imported_.backend_refused = std::move(manifest.refused);
        for (const courier::ManifestFile& file : manifest.files) {
            const auto taken = take(file);
            if (taken) continue;
            if (!is_about_the_piece(taken.error())) return tl::unexpected(taken.error());
            imported_.refused.push_back({file.name, taken.error()});
        }
        return std::move(imported_);
    }

  private:
    base::Result<void> take(const courier::ManifestFile& file) {
        TRY(bytes, courier::read_file(stick_, folder_, file));
        switch (file.name.kind) {
            case FileKind::advance_receipts:
            case FileKind::batch_receipts:
                return take_receipts(bytes);
            case FileKind::events:
                return take_events(bytes);
            case FileKind::growth:
                return take_growth(bytes);
            case FileKind::advance:
            case FileKind::batch:
                break;  // not listed in this direction
        }
        return base::fail(Errc::stick_bad, "courier file kind");
    }

    base::Result<void> take_receipts(const std::string& bytes) {
        TRY(receipts, transport::parse_receipts(bytes));
        base::Result<void> first_refusal;
        for (const std::string& set : receipts) {
            TRY_VOID(hand_in(set, first_refusal, imported_.receipts,
                             [&] { return kiosk_.store_receipt(set); }));
        }
        return first_refusal;
    }

    base::Result<void> take_events(const std::string& bytes) {
        TRY(page, transport::parse_events(bytes, 0));
        base::Result<void> first_refusal;
        for (const transport::Event& event : page.events) {
            TRY_VOID(hand_in(event.set, first_refusal, imported_.events,
                             [&] { return kiosk_.store_event(event.n, event.set); }));
        }
        return first_refusal;
    }

    base::Result<void> take_growth(const std::string& bytes) {
        TRY(growth, transport::parse_growth(bytes));
        TRY_VOID(kiosk_.store_checkpoint(growth.checkpoint, growth.proof));
        imported_.checkpoint = true;
        return {};
    }

    /// One bad piece does not keep its neighbours from the kiosk; the first one's reason is told.
    template <class Store>
    static base::Result<void> hand_in(const std::string& set, base::Result<void>& first_refusal,
                                      std::size_t& taken, Store store) {
        auto stored = outbox::is_set_text(set)
                          ? store()
                          : base::Result<void>(base::fail(Errc::message_bad, "courier set"));
        if (stored) {
            ++taken;
            return {};
        }
        if (!is_about_the_piece(stored.error())) return stored;
        if (first_refusal) first_refusal = stored;
        return {};
    }

    port::UsbStore& stick_;
    outbox::Client& kiosk_;
    courier::Folder folder_;
    Imported imported_;
};

}  // namespace

base::Result<Imported> import_from(port::UsbStore& stick, outbox::Client& kiosk,
                                   const base::Uuid& terminal) {
    return Import(stick, kiosk, terminal).run();
}

}  // namespace syncd
