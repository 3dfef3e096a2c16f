// SPDX-License-Identifier: EUPL-1.2
// A small, strict double of FIT-Connect's sending interface, version 2, and of one recipient behind
// it. Built from the public description, on OpenSSL, so that it shares no code with what it judges.
// Every request is checked to the letter; a submission without content disappears after a day, one
// that nobody fetches after fourteen. A plan says which request meets which misfortune.
#pragma once

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sync/backend/fitconnect/delivery_service.hpp"

namespace test {

using RsaKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

enum class Misfortune : std::uint8_t {
    none,
    request_lost,  ///< never arrives
    answer_lost,   ///< has its effect, nobody hears of it
    server_error,  ///< 500 without effect
    unavailable,   ///< 503 with effect: a gateway gave up
    unauthorised,  ///< 401 without effect
    garbage,       ///< has its effect, the answer is not JSON
    crash_before,  ///< we die before it is sent
    crash_after,   ///< we die when it has arrived
};
/// Thrown for the last two.
struct Crash {};

class FitDouble {
  public:
    static constexpr const char* destination = "1f7b4c1e-6f3b-4b0a-9d64-0a5a3c2f7e11";

    explicit FitDouble(const port::Clock& clock);

    http::Response answer(const http::Request& request);

    /// The recipient fetches everything that waits and says "accept" (or "reject").
    void fetch(bool accept = true);
    /// Puts an event into each case's log that only looks like the recipient's word.
    enum class Forgery : std::uint8_t { other_key, other_tags, other_submission, other_issuer };
    void forge_acceptance(Forgery forgery);
    /// From now on events are signed, or texts sealed to, another key.
    void change_keys();

    /// Plain data of all submissions that the recipient accepted, in order.
    std::vector<std::string> accepted;
    /// Complaints about requests that no correct client makes.
    std::vector<std::string> complaints;
    bool active = true;
    std::size_t announcements = 0;

  private:
    struct Entry {
        std::string case_id;
        std::uint64_t announced_ms = 0;
        std::uint64_t sent_ms = 0;
        std::string metadata;
        std::string data;
        bool sent = false;
        bool gone = false;
    };
    http::Response token(const http::Request& request);
    http::Response announce(const http::Request& request);
    http::Response submit(const std::string& id, const http::Request& request);
    http::Response events(const std::string& case_id);
    http::Response key(const std::string& kid);
    void forget_old();
    http::Response complain(unsigned status, const std::string& what);
    bool open(const std::string& jwe, std::string& plain);
    std::string sign_set(const std::string& payload, EVP_PKEY* by);
    std::string set_payload(const std::string& issuer, const std::string& id, const Entry& entry,
                            const std::string& event);

    const port::Clock& clock_;
    RsaKey seal_key_;
    RsaKey sign_key_;
    RsaKey other_key_;
    unsigned generation_ = 1;
    unsigned made_ = 0;
    std::map<std::string, Entry> entries_;
    std::map<std::string, std::vector<std::string>> logs_;
};

/// Counts the requests of both lines together and lets the plan's misfortune happen to one.
struct FitPlan {
    std::size_t at = SIZE_MAX;
    Misfortune misfortune = Misfortune::none;
    std::size_t seen = 0;
};

class FitDoubleLine final : public backend::FitLine {
  public:
    FitDoubleLine(FitDouble& service, FitPlan& plan) : service_(service), plan_(plan) {}
    base::Result<http::Response> send(const http::Request& request) override;
    void renew() override {}

  private:
    FitDouble& service_;
    FitPlan& plan_;
};

}  // namespace test
