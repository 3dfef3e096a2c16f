// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/log/log_signer.hpp"

#include "drivers/base/check.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace backend {

base::Result<std::string> LogSigner::sign(const LogHead& head) const {
    CHECK(!keys_.empty());
    seal::PairSigner first(keys_.front(), random_);
    TRY(note,
        receipts::sign_checkpoint({origin_, {head.size, head.root}}, keys_.front().point, first));
    for (const crypto::KeyPair& key : keys_.subspan(1)) {
        seal::PairSigner signer(key, random_);
        TRY(more, receipts::cosign_checkpoint(note, key.point, signer));
        note = std::move(more);
    }
    return std::move(note);
}

}  // namespace backend
