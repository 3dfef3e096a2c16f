// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/downstream_carrier.hpp"

#include "drivers/base/limits_downstream.hpp"

namespace syncd {

using base::Errc;
using What = outbox::OfferFile::What;

base::Result<bool> DownstreamCarrier::carry(std::size_t pieces_max) {
    if (!files_under_way_) {
        const auto offered = offer_lists();
        if (!offered && offered.error().code == Errc::device_absent) return true;
        if (!offered) return tl::unexpected(offered.error());
    }
    // Whatever goes wrong with a file: next time begins with the lists again.
    files_under_way_ = false;
    TRY(finished, carry_files(pieces_max));
    files_under_way_ = !finished;
    return finished;
}

base::Result<void> DownstreamCarrier::offer_roots(std::uint64_t version) {
    for (std::size_t i = 0; i < limits::roots_per_round_max; ++i) {
        TRY(root, parts_.source.root(++version));
        if (!root) break;
        if (root->empty() || root->size() > limits::root_file_bytes_max) {
            return base::fail(Errc::message_too_large, "downstream root");
        }
        TRY_VOID(parts_.kiosk.offer(What::root, *root));
    }
    return {};
}

base::Result<void> DownstreamCarrier::offer_lists() {
    TRY(state, parts_.kiosk.downstream_state());
    TRY_VOID(offer_roots(state.root));
    TRY(manifest, parts_.source.manifest());
    if (!manifest) return {};
    if (manifest->empty() || manifest->size() > limits::manifest_file_bytes_max) {
        return base::fail(Errc::message_too_large, "downstream manifest");
    }
    return parts_.kiosk.offer(What::manifest, *manifest);
}

base::Result<bool> DownstreamCarrier::carry_files(std::size_t pieces_max) {
    for (std::size_t i = 0; i < pieces_max; ++i) {
        TRY(state, parts_.kiosk.downstream_state());
        // One file that the source lacks must not keep the others from coming.
        bool moved = false;
        for (const auto& missing : state.missing) {
            TRY(piece, parts_.source.piece(missing.digest, missing.have));
            if (!piece || piece->empty()) continue;
            TRY_VOID(parts_.kiosk.store_piece({missing.digest, missing.have, std::move(*piece)}));
            moved = true;
            break;
        }
        if (!moved) return true;
    }
    return false;
}

}  // namespace syncd
