// SPDX-License-Identifier: EUPL-1.2
// How a test steers the PKCS#11 module that lies between store and SoftHSM (fault_module.cpp). The
// plan lives in that module; a test gets it through fault_plan(). One thread.
#pragma once

#include <p11-kit/pkcs11.h>

struct FaultPlan {
    unsigned calls = 0;             ///< C_ calls seen that may fail
    unsigned fail_at = 0;           ///< this call fails (1 = the first); 0 = none
    unsigned fail_for = 1;          ///< and so many in a row
    CK_RV answer = CKR_OK;          ///< with this
    unsigned logins = 0;            ///< C_Login calls seen, failed or not
    CK_FLAGS token_flags = 0;       ///< added to CK_TOKEN_INFO.flags
    bool bare_point = false;        ///< CKA_EC_POINT without its OCTET STRING
    bool bad_signature = false;     ///< one bit of each signature is changed
    CK_ULONG attribute_growth = 0;  ///< added to the stated length of each attribute
    CK_ULONG signature_growth = 0;  ///< added to the stated length of each signature
    CK_ULONG slots_growth = 0;      ///< added to the number of slots
    bool drop_sessions = false;     ///< the next C_SignInit finds all sessions closed
};

extern "C" FaultPlan* fault_plan();
