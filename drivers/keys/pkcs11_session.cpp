// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/pkcs11_session.hpp"

#include <array>
#include <cstring>
#include <utility>

#include "drivers/base/check.hpp"

namespace keys {
namespace {

using base::Errc;

// The largest that we ask for is a CKA_EC_POINT of 136 bytes; ids and labels are shorter.
constexpr std::size_t attribute_bytes_max = 1'024;
// r || s on P-521, the largest curve that we know.
constexpr std::size_t signature_bytes_max = 132;

/// The interface of the norm takes no pointer to const, though it only reads here.
CK_BYTE* readable(base::ByteView bytes) {
    return const_cast<CK_BYTE*>(bytes.data());
}

}  // namespace

Attributes& Attributes::bytes(CK_ATTRIBUTE_TYPE type, base::ByteView value) {
    values_.emplace_back(value.begin(), value.end());
    list_.push_back({type, values_.back().data(), values_.back().size()});
    return *this;
}

Attributes& Attributes::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
    std::array<std::uint8_t, sizeof(value)> memory{};
    std::memcpy(memory.data(), &value, sizeof(value));
    return bytes(type, memory);
}

Attributes& Attributes::flag(CK_ATTRIBUTE_TYPE type, CK_BBOOL value) {
    return bytes(type, std::array<std::uint8_t, 1>{value});
}

base::Result<Pkcs11Session> Pkcs11Session::open(const FoundToken& token, SessionAccess access) {
    CK_FLAGS flags = CKF_SERIAL_SESSION;
    if (access == SessionAccess::read_write) flags |= CKF_RW_SESSION;
    CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
    const CK_RV rv = token.functions->C_OpenSession(token.slot, flags, nullptr, nullptr, &session);
    TRY_VOID(check_rv(rv, "token session"));
    return Pkcs11Session(token.functions, session);
}

Pkcs11Session::Pkcs11Session(Pkcs11Session&& other) noexcept
    : functions_(std::exchange(other.functions_, nullptr)), session_(other.session_) {}

Pkcs11Session& Pkcs11Session::operator=(Pkcs11Session&& other) noexcept {
    std::swap(functions_, other.functions_);
    std::swap(session_, other.session_);
    return *this;
}

Pkcs11Session::~Pkcs11Session() {
    // A session that the token has closed already answers with an error: closed is what we want.
    if (functions_ != nullptr) (void)functions_->C_CloseSession(session_);
}

base::Result<void> Pkcs11Session::login(const TokenPin& pin) {
    const base::ByteView digits = pin.expose();
    const CK_RV rv =
        functions_->C_Login(session_, CKU_USER, readable(digits), CK_ULONG{digits.size()});
    if (rv == CKR_USER_ALREADY_LOGGED_IN) return {};
    return check_rv(rv, "token login");
}

base::Result<std::vector<CK_OBJECT_HANDLE>> Pkcs11Session::find(Attributes& match,
                                                                std::size_t objects_max) {
    TRY_VOID(check_rv(functions_->C_FindObjectsInit(session_, match.data(), match.size()),
                      "token search"));
    std::vector<CK_OBJECT_HANDLE> found;
    CK_RV rv = CKR_OK;
    // One more than allowed tells "too many". A module may give fewer at a time than there are.
    while (found.size() <= objects_max) {
        CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
        CK_ULONG count = 0;
        rv = functions_->C_FindObjects(session_, &object, 1, &count);
        if (rv != CKR_OK || count == 0) break;
        found.push_back(object);
    }
    const CK_RV end = functions_->C_FindObjectsFinal(session_);
    TRY_VOID(check_rv(rv, "token search"));
    TRY_VOID(check_rv(end, "token search"));
    if (found.size() > objects_max) return base::fail(Errc::key_bad, "token key is not unique");
    return found;
}

base::Result<base::Bytes> Pkcs11Session::attribute(CK_OBJECT_HANDLE object,
                                                   CK_ATTRIBUTE_TYPE type) {
    std::array<std::uint8_t, attribute_bytes_max> memory{};
    CK_ATTRIBUTE wanted{type, memory.data(), memory.size()};
    const CK_RV rv = functions_->C_GetAttributeValue(session_, object, &wanted, 1);
    if (rv == CKR_BUFFER_TOO_SMALL) return base::fail(Errc::key_bad, "token attribute size");
    TRY_VOID(check_rv(rv, "token attribute"));
    // Also CK_UNAVAILABLE_INFORMATION, the largest number there is.
    if (wanted.ulValueLen > memory.size()) {
        return base::fail(Errc::key_bad, "token attribute size");
    }
    const auto value = base::ByteView(memory).first(wanted.ulValueLen);
    return base::Bytes(value.begin(), value.end());
}

base::Result<bool> Pkcs11Session::flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
    TRY(value, attribute(object, type));
    if (value.size() != 1) return base::fail(Errc::key_bad, "token attribute size");
    return value[0] != CK_FALSE;
}

base::Result<base::Bytes> Pkcs11Session::sign(CK_OBJECT_HANDLE key, base::ByteView digest,
                                              std::size_t signature_bytes) {
    CHECK(signature_bytes <= signature_bytes_max);
    CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
    TRY_VOID(check_rv(functions_->C_SignInit(session_, &mechanism, key), "token signature"));
    base::Bytes signature(signature_bytes_max);
    CK_ULONG size = signature.size();
    const CK_RV rv = functions_->C_Sign(session_, readable(digest), CK_ULONG{digest.size()},
                                        signature.data(), &size);
    TRY_VOID(check_rv(rv, "token signature"));
    if (size != signature_bytes) return base::fail(Errc::crypto_failed, "token signature size");
    signature.resize(size);
    return signature;
}

base::Result<void> Pkcs11Session::generate(Attributes& public_key, Attributes& private_key) {
    CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    CK_OBJECT_HANDLE public_handle = CK_INVALID_HANDLE;
    CK_OBJECT_HANDLE private_handle = CK_INVALID_HANDLE;
    return check_rv(functions_->C_GenerateKeyPair(
                        session_, &mechanism, public_key.data(), public_key.size(),
                        private_key.data(), private_key.size(), &public_handle, &private_handle),
                    "token key generation");
}

}  // namespace keys
