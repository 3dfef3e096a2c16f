// SPDX-License-Identifier: EUPL-1.2
// A PKCS#11 module that hands everything on to SoftHSM, counts the calls, lets the n-th fail and
// bends answers as a broken token might. The store finds it by its path, as any other module.
#include "tests/unit/drivers/keys/fault_module.hpp"

#include <dlfcn.h>

#include <algorithm>

namespace {

FaultPlan plan;
CK_FUNCTION_LIST softhsm;
CK_FUNCTION_LIST bent;

/// CKR_OK, or the planned failure if it is this call's turn.
CK_RV turn() {
    ++plan.calls;
    const bool fails = plan.fail_at != 0 && plan.calls >= plan.fail_at &&
                       plan.calls < plan.fail_at + plan.fail_for;
    return fails ? plan.answer : CKR_OK;
}

template <auto Member>
struct Counted;
template <class... A, CK_RV (*CK_FUNCTION_LIST::*Member)(A...)>
struct Counted<Member> {
    static CK_RV call(A... arguments) {
        if (const CK_RV rv = turn(); rv != CKR_OK) return rv;
        return (softhsm.*Member)(arguments...);
    }
};

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE* pin, CK_ULONG size) {
    ++plan.logins;
    return Counted<&CK_FUNCTION_LIST::C_Login>::call(session, user, pin, size);
}

CK_RV slot_list(CK_BBOOL present, CK_SLOT_ID* slots, CK_ULONG* count) {
    const CK_RV rv = Counted<&CK_FUNCTION_LIST::C_GetSlotList>::call(present, slots, count);
    if (rv == CKR_OK) *count += plan.slots_growth;
    return rv;
}

CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
    const CK_RV rv = Counted<&CK_FUNCTION_LIST::C_GetTokenInfo>::call(slot, info);
    if (rv == CKR_OK) info->flags |= plan.token_flags;
    return rv;
}

CK_RV attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* list,
                      CK_ULONG count) {
    const CK_RV rv =
        Counted<&CK_FUNCTION_LIST::C_GetAttributeValue>::call(session, object, list, count);
    if (rv != CKR_OK) return rv;
    if (plan.bare_point && list->type == CKA_EC_POINT) {
        auto* value = static_cast<CK_BYTE*>(list->pValue);
        std::copy(value + 2, value + list->ulValueLen, value);
        list->ulValueLen -= 2;
    }
    list->ulValueLen += plan.attribute_growth;
    return rv;
}

CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
    if (plan.drop_sessions) {
        plan.drop_sessions = false;
        CK_SESSION_INFO info{};
        if (softhsm.C_GetSessionInfo(session, &info) == CKR_OK) {
            softhsm.C_CloseAllSessions(info.slotID);
        }
    }
    return Counted<&CK_FUNCTION_LIST::C_SignInit>::call(session, mechanism, key);
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG size, CK_BYTE* signature,
           CK_ULONG* signature_size) {
    const CK_RV rv =
        Counted<&CK_FUNCTION_LIST::C_Sign>::call(session, data, size, signature, signature_size);
    if (rv != CKR_OK) return rv;
    if (plan.bad_signature) signature[*signature_size - 1] ^= 1U;
    *signature_size += plan.signature_growth;
    return rv;
}

}  // namespace

extern "C" FaultPlan* fault_plan() {
    return &plan;
}

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
    void* library = ::dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return CKR_GENERAL_ERROR;
    const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
    CK_FUNCTION_LIST* real = nullptr;
    if (get == nullptr || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
    softhsm = *real;
    bent = softhsm;
    using List = CK_FUNCTION_LIST;
    bent.C_GetFunctionList = C_GetFunctionList;
    bent.C_GetInfo = Counted<&List::C_GetInfo>::call;
    bent.C_GetSlotList = slot_list;
    bent.C_GetSlotInfo = Counted<&List::C_GetSlotInfo>::call;
    bent.C_GetTokenInfo = token_info;
    bent.C_OpenSession = Counted<&List::C_OpenSession>::call;
    bent.C_CloseSession = Counted<&List::C_CloseSession>::call;
    bent.C_Login = login;
    bent.C_FindObjectsInit = Counted<&List::C_FindObjectsInit>::call;
    bent.C_FindObjects = Counted<&List::C_FindObjects>::call;
    bent.C_FindObjectsFinal = Counted<&List::C_FindObjectsFinal>::call;
    bent.C_GetAttributeValue = attribute_value;
    bent.C_SignInit = sign_init;
    bent.C_Sign = sign;
    bent.C_GenerateKeyPair = Counted<&List::C_GenerateKeyPair>::call;
    *list = &bent;
    return CKR_OK;
}
