// SPDX-License-Identifier: EUPL-1.2
// Runs one piece of the driver on secrets that valgrind holds for undefined, so that memcheck
// reports each branch and each address that depends on them. usage: valgrind ctime_probe CASE.
// What a secret's form reveals before it is used (its length, that it consists of digits) is no
// secret. Elliptic curves are left to mbedTLS, which blinds them instead. Where the processor has
// no AES instructions mbedTLS looks bytes up in tables, and is reported, with reason.
#include <valgrind/memcheck.h>

#include <cstdio>
#include <cstring>
#include <string_view>

#include "drivers/base/check.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/eid/cipher_suite.hpp"
#include "drivers/eid/secrets.hpp"
#include "drivers/eid/secure_messaging.hpp"

namespace {

constexpr int exit_usage = 2;

template <class Memory>
void mark_secret(const Memory& memory) {
    VALGRIND_MAKE_MEM_UNDEFINED(memory.data(), memory.size());
}

/// What a case returns may be looked at.
bool declassify(bool verdict) {
    VALGRIND_MAKE_MEM_DEFINED(&verdict, sizeof verdict);
    return verdict;
}

template <class Secret>
Secret secret_of(std::string_view text) {
    Secret secret{base::as_bytes(text)};
    mark_secret(secret.expose());
    return secret;
}

/// The first thing that happens to a PIN: the key that opens the card's nonce, and the nonce.
bool password_key() {
    const auto pin = secret_of<eid::Pin>("739164");
    const base::Bytes encrypted(16, 0x42);
    for (const auto cipher : {eid::Cipher::aes128, eid::Cipher::aes192, eid::Cipher::aes256}) {
        const auto key = eid::derive_key(cipher, pin.expose(), {}, eid::KeyUse::password);
        const auto nonce = crypto::aes_cbc_decrypt(key.expose(), crypto::AesBlock{}, encrypted);
        CHECK(nonce.size() == encrypted.size());
    }
    return true;
}

bool session_keys() {
    const auto shared = secret_of<crypto::Scalar>("0123456789abcdef0123456789abcdef");
    for (const auto cipher : {eid::Cipher::aes128, eid::Cipher::aes192, eid::Cipher::aes256}) {
        const auto keys = eid::derive_session_keys(cipher, shared.expose());
        CHECK(keys.mac.size() == eid::key_bytes(cipher));
    }
    return true;
}

/// A wrong checksum under a secret key: computed, compared and refused.
bool mac_verify() {
    eid::SessionKeys keys{eid::SymmetricKey{base::as_bytes("0123456789abcdef")},
                          secret_of<eid::SymmetricKey>("fedcba9876543210")};
    eid::SecureMessaging channel(std::move(keys));
    const base::Bytes data = {0x99, 0x02, 0x90, 0x00, 0x8E, 0x08, 1, 2, 3, 4, 5, 6, 7, 8};
    return declassify(!channel.open({data, 0x9000}).has_value());
}

/// The card's token against the one it should have sent.
bool token_compare() {
    const auto mac_key = secret_of<eid::SymmetricKey>("fedcba9876543210");
    const base::Bytes protocol = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02};
    const crypto::Point point{crypto::Curve::brainpool_p256r1, base::Bytes(65, 0x04)};
    const eid::Token wanted = eid::authentication_token(mac_key, protocol, point);
    const base::Bytes sent(wanted.size(), 0x11);
    return !declassify(crypto::equal_ct(sent, wanted));
}

// ---- Mistakes that must be found ----

bool naive_compare() {
    const auto mac = secret_of<eid::SymmetricKey>("fedcba98");
    const base::Bytes sent(8, 0x11);
    // A size that the compiler knows would become one comparison of a register, which is no branch.
    const volatile std::size_t size = sent.size();
    return declassify(std::memcmp(sent.data(), mac.expose().data(), size) != 0);
}

bool early_exit() {
    const auto mac = secret_of<eid::SymmetricKey>("fedcba98");
    const base::Bytes sent(8, 0x11);
    return declassify(!base::equal(sent, mac.expose()));
}

bool table() {
    static constexpr std::string_view letters = "zyxwvutsrqponmlk";
    const auto key = secret_of<eid::SymmetricKey>("f");
    const volatile char letter = letters[key.expose()[0] & 0x0FU];
    return declassify(letter != 0);
}

struct Case {
    std::string_view name;
    bool (*run)();
};
constexpr Case cases[] = {
    {"password_key", password_key},
    {"session_keys", session_keys},
    {"mac_verify", mac_verify},
    {"token_compare", token_compare},
    {"naive_compare", naive_compare},
    {"early_exit", early_exit},
    {"table", table},
};

}  // namespace

int main(int count, char** values) {
    if (RUNNING_ON_VALGRIND == 0) {
        std::fputs("ctime_probe: start it under valgrind\n", stderr);
        return exit_usage;
    }
    for (const Case& one : cases) {
        if (count == 2 && one.name == values[1]) return one.run() ? 0 : 1;
    }
    std::fputs("ctime_probe: no such case\n", stderr);
    return exit_usage;
}
