// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/random.hpp"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>

#include <algorithm>

#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"

namespace crypto {

struct SystemRandom::State {
    base::Pinned<mbedtls_entropy_context, mbedtls_entropy_init, mbedtls_entropy_free> entropy;
    base::Pinned<mbedtls_ctr_drbg_context, mbedtls_ctr_drbg_init, mbedtls_ctr_drbg_free> drbg;
};

SystemRandom::SystemRandom() : state_(std::make_unique<State>()) {
    const auto label = base::as_bytes("freigabe");
    CHECK(mbedtls_ctr_drbg_seed(state_->drbg.get(), mbedtls_entropy_func, state_->entropy.get(),
                                label.data(), label.size()) == 0);
}

SystemRandom::~SystemRandom() = default;

void SystemRandom::fill(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const std::size_t part = std::min<std::size_t>(out.size(), MBEDTLS_CTR_DRBG_MAX_REQUEST);
        CHECK(mbedtls_ctr_drbg_random(state_->drbg.get(), out.data(), part) == 0);
        out = out.subspan(part);
    }
}

int mbedtls_random(void* random, unsigned char* out, std::size_t size) {
    static_cast<port::Random*>(random)->fill({out, size});
    return 0;
}

}  // namespace crypto
