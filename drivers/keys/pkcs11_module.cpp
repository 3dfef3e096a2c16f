// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/pkcs11_module.hpp"

#include <array>

#include "drivers/base/check.hpp"

namespace keys {
namespace {

using base::Errc;

// A terminal has one or two modules with a handful of slots; more is a broken module.
constexpr std::size_t modules_max = 16;
constexpr std::size_t slots_max = 64;

/// One mapping for all calls: what staff can do about it decides the code.
Errc errc_of(CK_RV rv) {
    switch (rv) {
        case CKR_TOKEN_NOT_PRESENT:
        case CKR_TOKEN_NOT_RECOGNIZED:
        case CKR_DEVICE_REMOVED:
        case CKR_SLOT_ID_INVALID:
            return Errc::device_absent;
        case CKR_PIN_INCORRECT:
        case CKR_PIN_INVALID:
        case CKR_PIN_LEN_RANGE:
            return Errc::config_bad;
        case CKR_PIN_LOCKED:
        case CKR_PIN_EXPIRED:
        case CKR_USER_PIN_NOT_INITIALIZED:
        case CKR_ATTRIBUTE_SENSITIVE:
        case CKR_ATTRIBUTE_TYPE_INVALID:
        case CKR_KEY_FUNCTION_NOT_PERMITTED:
        case CKR_KEY_HANDLE_INVALID:
        case CKR_KEY_SIZE_RANGE:
        case CKR_KEY_TYPE_INCONSISTENT:
        case CKR_OBJECT_HANDLE_INVALID:
            return Errc::key_bad;
        case CKR_CURVE_NOT_SUPPORTED:
        case CKR_DATA_INVALID:
        case CKR_DATA_LEN_RANGE:
        case CKR_DOMAIN_PARAMS_INVALID:
        case CKR_MECHANISM_INVALID:
        case CKR_MECHANISM_PARAM_INVALID:
            return Errc::crypto_failed;
        default:
            return Errc::device_failed;
    }
}

}  // namespace

base::Result<void> check_rv(CK_RV rv, const char* where) {
    if (rv == CKR_OK) return {};
    return base::fail(errc_of(rv), where, static_cast<std::uint32_t>(rv));
}

bool is_session_lost(const base::Error& error) {
    static constexpr std::array<CK_RV, 9> lost{
        CKR_DEVICE_ERROR,           CKR_DEVICE_REMOVED,    CKR_KEY_HANDLE_INVALID,
        CKR_OBJECT_HANDLE_INVALID,  CKR_OPERATION_ACTIVE,  CKR_SESSION_CLOSED,
        CKR_SESSION_HANDLE_INVALID, CKR_TOKEN_NOT_PRESENT, CKR_USER_NOT_LOGGED_IN};
    for (const CK_RV each : lost) {
        if (each == error.detail) return true;
    }
    return false;
}

base::Result<Pkcs11Module> Pkcs11Module::load(const TokenUri& uri) {
    Pkcs11Module out;
    if (uri.module_path().empty()) {
        TRY_VOID(out.load_configured(uri.module_name()));
    } else {
        TRY_VOID(out.load_path(uri.module_path()));
    }
    return out;
}

base::Result<void> Pkcs11Module::load_path(const std::string& path) {
    loaded_.reset(p11_kit_module_load(path.c_str(), 0));
    if (!loaded_) return base::fail(Errc::config_bad, "token module");
    TRY_VOID(check_rv(p11_kit_module_initialize(loaded_.get()), "token module start"));
    initialised_.reset(loaded_.get());
    all_.push_back(loaded_.get());
    return {};
}

base::Result<void> Pkcs11Module::load_configured(const std::string& name) {
    configured_.reset(p11_kit_modules_load_and_initialize(0));
    if (!configured_) return base::fail(Errc::config_bad, "token modules");
    if (!name.empty()) {
        CK_FUNCTION_LIST* found = p11_kit_module_for_name(configured_.get(), name.c_str());
        if (found == nullptr) return base::fail(Errc::config_bad, "token module name");
        all_.push_back(found);
        return {};
    }
    for (CK_FUNCTION_LIST** each = configured_.get(); *each != nullptr; ++each) {
        if (all_.size() == modules_max) return base::fail(Errc::config_bad, "token module count");
        all_.push_back(*each);
    }
    return {};
}

namespace {

/// Slots with a token, as the module sees them now.
base::Result<std::vector<CK_SLOT_ID>> slots_of(CK_FUNCTION_LIST& functions) {
    // Asked for the number first: only then does a module look for new slots (5.5 C_GetSlotList).
    CK_ULONG count = 0;
    TRY_VOID(check_rv(functions.C_GetSlotList(CK_TRUE, nullptr, &count), "token slots"));
    if (count > slots_max) return base::fail(Errc::device_failed, "token slot count");
    std::vector<CK_SLOT_ID> slots(count);
    TRY_VOID(check_rv(functions.C_GetSlotList(CK_TRUE, slots.data(), &count), "token slots"));
    if (count > slots.size()) return base::fail(Errc::device_failed, "token slot count");
    slots.resize(count);
    return slots;
}

/// Adds the tokens of one module that fit.
base::Result<void> collect(CK_FUNCTION_LIST& functions, const TokenUri& uri,
                           std::vector<FoundToken>& out) {
    CK_INFO module{};
    TRY_VOID(check_rv(functions.C_GetInfo(&module), "token module info"));
    if (!uri.matches(module)) return {};
    TRY(slots, slots_of(functions));
    for (const CK_SLOT_ID slot : slots) {
        CK_SLOT_INFO slot_info{};
        CK_TOKEN_INFO token{};
        // A slot whose token was pulled since, or cannot be read, is not the one that is asked for.
        if (functions.C_GetSlotInfo(slot, &slot_info) != CKR_OK ||
            functions.C_GetTokenInfo(slot, &token) != CKR_OK) {
            continue;
        }
        if ((token.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
        if (uri.matches(slot, slot_info) && uri.matches(token)) {
            out.push_back({&functions, slot, token.flags});
        }
    }
    return {};
}

}  // namespace

base::Result<FoundToken> Pkcs11Module::find(const TokenUri& uri) const {
    std::vector<FoundToken> found;
    for (CK_FUNCTION_LIST* functions : all_) TRY_VOID(collect(*functions, uri, found));
    if (found.empty()) return base::fail(Errc::device_absent, "token");
    if (found.size() > 1) return base::fail(Errc::config_bad, "token URI fits several tokens");
    return found.front();
}

}  // namespace keys
