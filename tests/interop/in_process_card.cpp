// SPDX-License-Identifier: EUPL-1.2
// The virtual card behind the driver's ports: see in_process_card.hpp.
#include "tests/interop/in_process_card.hpp"

namespace interop {

base::Result<base::Bytes> InProcessCard::transmit(base::ByteView command) {
    ++commands_;
    if (pull_at_ != 0 && commands_ >= pull_at_) {
        return base::fail(base::Errc::card_removed, "in_process_card");
    }
    return card_.process(command);
}

MemoryAuthenticator::MemoryAuthenticator(const card::TestPki& pki)
    : pki_(pki), chain_{pki.dv()}, terminal_(pki.terminal()) {}

base::Result<base::Bytes> MemoryAuthenticator::sign(base::ByteView message) {
    return pki_.curve.sign(card::HashId::sha_256, message, pki_.terminal_key.scalar);
}

}  // namespace interop
