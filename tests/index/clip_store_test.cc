#include "index/clip_store.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/clip_record.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

class ClipStoreTest : public testing::Test {
 protected:
  ClipStoreTest() { Reopen(); }

  void Reopen() {
    store_.reset();
    auto store = ClipStore::Open(directory_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // Runs one change in its own transaction.
  template <typename Result>
  Result Run(const std::function<Result(ClipStore::Transaction&)>& change) {
    const auto transaction = store_->Begin();
    Result result = change(*transaction);
    const absl::Status committed = transaction->Commit();
    EXPECT_TRUE(committed.ok()) << committed;
    return result;
  }
  absl::StatusOr<ListInfo> CreateList(const std::string& list_id,
                                      const std::string& issuer = "issuer") {
    return Run<absl::StatusOr<ListInfo>>(
        [&](auto& t) { return t.CreateList(list_id, issuer, kNow); });
  }
  absl::StatusOr<ClipStore::Published> Publish(const Clip& clip) {
    return Run<absl::StatusOr<ClipStore::Published>>(
        [&](auto& t) { return t.Publish(clip, kNow); });
  }
  absl::StatusOr<ClipStore::Withdrawn> Withdraw(
      const std::string& list_id, std::vector<std::string> entry_ids) {
    return Run<absl::StatusOr<ClipStore::Withdrawn>>([&](auto& t) {
      return t.Withdraw(list_id, entry_ids, "reason", kNow);
    });
  }

  Clip AnyClip(const std::string& entry_id, int frames = 10) {
    Clip clip = MakeClip("list", entry_id, MovingHashes(frames, 8, random_));
    clip.severity = Severity::kConfirmed;
    clip.md5.emplace().fill(Below(256, random_));
    return clip;
  }

  // All clips, as "clip id:list/entry:frames".
  std::vector<std::string> Stored() {
    std::vector<std::string> stored;
    const absl::Status status = store_->ForEachClip([&](const EntryInfo& entry,
                                                        const Clip& clip) {
      stored.push_back(absl::StrCat(entry.clip_id, ":", clip.list_id, "/",
                                    clip.entry_id, ":", clip.frames.size()));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return stored;
  }

  // Does something to the database behind the store's back.
  void Tamper(const std::function<void(rocksdb::DB&)>& tamper) {
    store_.reset();
    auto db = OpenDatabase(directory_);
    ASSERT_TRUE(db.ok()) << db.status();
    tamper(**db);
  }

  Random random_{1};
  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<ClipStore> store_;
};

TEST_F(ClipStoreTest, AListIsMadeOnce) {
  ASSERT_TRUE(CreateList("b").ok());
  ASSERT_TRUE(CreateList("a", "other").ok());
  EXPECT_TRUE(CreateList("b").ok());
  const absl::Status other = CreateList("b", "other").status();
  EXPECT_TRUE(absl::IsAlreadyExists(other));
  EXPECT_EQ(other.message(),
            "issuer: the list \"b\" is issued by \"issuer\", not by \"other\"");
  Reopen();
  const auto lists = store_->Lists();
  ASSERT_THAT(*lists, SizeIs(2));
  EXPECT_EQ((*lists)[0].list_id, "a");
  EXPECT_EQ((*lists)[0].issuer, "other");
  EXPECT_EQ((*lists)[1].list_id, "b");
  EXPECT_EQ((*lists)[1].version, 0);
  EXPECT_EQ((*lists)[1].changed, kNow);
}

TEST_F(ClipStoreTest, AClipIsReadAsItWasPublished) {
  ASSERT_TRUE(CreateList("list").ok());
  Clip clip = AnyClip("entry");
  clip.sha256.emplace().fill(9);
  clip.frames[3].quality = 0;
  const auto published = Publish(clip);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_TRUE(published->changed);
  EXPECT_EQ(published->entry.clip_id, 1);
  EXPECT_EQ(published->list.version, 1);
  EXPECT_EQ(published->list.entries, 1);
  EXPECT_EQ(published->list.frames, 10);
  Reopen();
  int visits = 0;
  const auto check = [&](const EntryInfo& entry, const Clip& read) {
    ++visits;
    EXPECT_EQ(entry.entry_id, "entry");
    EXPECT_EQ(entry.clip_id, 1);
    EXPECT_EQ(entry.severity, Severity::kConfirmed);
    EXPECT_EQ(entry.duration, clip.duration);
    EXPECT_EQ(entry.frames, 10);
    EXPECT_EQ(entry.added_in_version, 1);
    EXPECT_EQ(read.list_id, "list");
    EXPECT_EQ(read.entry_id, "entry");
    EXPECT_EQ(read.severity, clip.severity);
    EXPECT_EQ(read.duration, clip.duration);
    EXPECT_EQ(read.frames, clip.frames);
    EXPECT_EQ(read.sha256, clip.sha256);
    EXPECT_EQ(read.md5, clip.md5);
    return absl::OkStatus();
  };
  EXPECT_TRUE(store_->ForEachClip(check).ok());
  EXPECT_TRUE(store_->ForEachClipOf("list", check).ok());
  EXPECT_EQ(visits, 2);
}

TEST_F(ClipStoreTest, TheSameContentAgainChangesNothing) {
  ASSERT_TRUE(CreateList("list").ok());
  const Clip clip = AnyClip("entry");
  ASSERT_TRUE(Publish(clip).ok());
  const auto again = Publish(clip);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_FALSE(again->changed);
  EXPECT_EQ(again->entry.clip_id, 1);
  EXPECT_EQ(again->list.version, 1);
  EXPECT_THAT(*store_->History("list", 10), SizeIs(1));
}

TEST_F(ClipStoreTest, OtherContentUnderAKnownEntryIsRefused) {
  ASSERT_TRUE(CreateList("list").ok());
  const Clip clip = AnyClip("entry");
  ASSERT_TRUE(Publish(clip).ok());
  const std::vector<std::function<void(Clip&)>> changes = {
      [](Clip& c) { c.severity = Severity::kCritical; },
      [](Clip& c) { c.duration += absl::Nanoseconds(1); },
      [](Clip& c) { c.frames[9].hash.words[0] ^= 1; },
      [](Clip& c) { c.frames[9].quality = 3; },
      [](Clip& c) { c.frames.pop_back(); },
      [](Clip& c) { c.md5.reset(); },
      [](Clip& c) { c.sha256.emplace(); },
  };
  for (const auto& change : changes) {
    Clip other = clip;
    change(other);
    const absl::Status status = Publish(other).status();
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("entry_id: \"entry\""));
  }
  EXPECT_THAT(Stored(), ElementsAre("1:list/entry:10"));
  EXPECT_EQ((*store_->Lists())[0].version, 1);
}

TEST_F(ClipStoreTest, UnknownListsAndEntriesAreNamed) {
  EXPECT_EQ(Publish(AnyClip("entry")).status().message(),
            "list_id: there is no list \"list\"");
  EXPECT_TRUE(absl::IsNotFound(store_->Entries("list", "", 5).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->History("list", 5).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->ForEachClipOf("list", nullptr)));
  ASSERT_TRUE(CreateList("list").ok());
  ASSERT_TRUE(Publish(AnyClip("a")).ok());
  const absl::Status status = Withdraw("list", {"a", "b"}).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_EQ(status.message(),
            "entry_ids: there is no entry \"b\" in the list \"list\"");
  EXPECT_THAT(Stored(), ElementsAre("1:list/a:10"));
}

TEST_F(ClipStoreTest, ChangesOfOneTransactionSeeEachOther) {
  const auto transaction = store_->Begin();
  EXPECT_TRUE(transaction->CreateList("list", "issuer", kNow).ok());
  const Clip a = AnyClip("a");
  EXPECT_EQ(transaction->Publish(a, kNow)->list.version, 1);
  EXPECT_FALSE(transaction->Publish(a, kNow)->changed);
  // A change that fails leaves nothing, and the others stand.
  EXPECT_FALSE(transaction->Withdraw("list", {"a", "x"}, "reason", kNow).ok());
  EXPECT_EQ(transaction->Publish(AnyClip("b"), kNow)->list.version, 2);
  const auto withdrawn = transaction->Withdraw("list", {"a"}, "reason", kNow);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(withdrawn->list.version, 3);
  EXPECT_EQ(withdrawn->list.entries, 1);
  EXPECT_EQ(
      transaction->WithdrawAll("list", "reason", kNow)->entries[0].clip_id, 2);
  EXPECT_EQ(transaction->Publish(AnyClip("c"), kNow)->entry.clip_id, 3);
  EXPECT_THAT(Stored(), IsEmpty());
  EXPECT_TRUE(transaction->Commit().ok());
  EXPECT_THAT(Stored(), ElementsAre("3:list/c:10"));
}

TEST_F(ClipStoreTest, ATransactionThatIsDroppedLeavesNothing) {
  ASSERT_TRUE(CreateList("list").ok());
  {
    const auto transaction = store_->Begin();
    EXPECT_TRUE(transaction->Publish(AnyClip("a"), kNow).ok());
  }
  EXPECT_THAT(Stored(), IsEmpty());
  EXPECT_EQ(Publish(AnyClip("b"))->entry.clip_id, 1);
}

TEST_F(ClipStoreTest, ClipIdsAreNeverUsedAgain) {
  ASSERT_TRUE(CreateList("list").ok());
  const Clip clip = AnyClip("a");
  EXPECT_EQ(Publish(clip)->entry.clip_id, 1);
  EXPECT_EQ(Publish(AnyClip("b"))->entry.clip_id, 2);
  ASSERT_TRUE(Withdraw("list", {"a", "b", "a"}).ok());
  Reopen();
  EXPECT_EQ(Publish(clip)->entry.clip_id, 3);
  EXPECT_THAT(Stored(), ElementsAre("3:list/a:10"));
}

TEST_F(ClipStoreTest, AWithdrawnClipLeavesATombstone) {
  ASSERT_TRUE(CreateList("list").ok());
  ASSERT_TRUE(Publish(AnyClip("a")).ok());
  ASSERT_TRUE(Publish(AnyClip("b")).ok());
  const auto withdrawn = Withdraw("list", {"a"});
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(withdrawn->list.version, 3);
  EXPECT_EQ(withdrawn->list.entries, 1);
  EXPECT_EQ(withdrawn->list.frames, 10);
  ASSERT_THAT(withdrawn->entries, SizeIs(1));
  EXPECT_EQ(withdrawn->entries[0].clip_id, 1);
  Tamper([](rocksdb::DB& db) {
    std::string value;
    ASSERT_TRUE(db.Get({}, "T" + EncodeUint64(1), &value).ok());
    const auto tombstone = DecodeTombstone(value);
    ASSERT_TRUE(tombstone.ok()) << tombstone.status();
    EXPECT_EQ(tombstone->entry_id, "a");
    EXPECT_EQ(tombstone->added_in_version, 1);
    EXPECT_EQ(tombstone->withdrawn_in_version, 3);
    // Its frames are gone.
    EXPECT_TRUE(db.Get({}, "F" + EncodeUint64(1) + EncodeUint64(0), &value)
                    .IsNotFound());
  });
}

TEST_F(ClipStoreTest, HistoryIsNewestFirst) {
  ASSERT_TRUE(CreateList("list").ok());
  for (int i = 0; i < 150; ++i) {
    ASSERT_TRUE(Publish(AnyClip(absl::StrCat("e", 1000 + i), 1)).ok());
  }
  ASSERT_TRUE(Run<absl::StatusOr<ClipStore::Withdrawn>>([&](auto& t) {
                return t.WithdrawAll("list", "by court order", kNow);
              }).ok());
  const auto none = Run<absl::StatusOr<ClipStore::Withdrawn>>(
      [&](auto& t) { return t.WithdrawAll("list", "again", kNow); });
  EXPECT_EQ(none->list.version, 151);  // There was nothing to withdraw.
  Reopen();
  const auto changes = store_->History("list", 2);
  ASSERT_THAT(*changes, SizeIs(2));
  EXPECT_EQ((*changes)[0].version, 151);
  EXPECT_EQ((*changes)[0].kind, ListChange::Kind::kWithdrawn);
  EXPECT_EQ((*changes)[0].entries, 150);
  EXPECT_THAT((*changes)[0].entry_ids, SizeIs(100));
  EXPECT_EQ((*changes)[0].entry_ids[99], "e1099");
  EXPECT_EQ((*changes)[0].reason, "by court order");
  EXPECT_EQ((*changes)[0].time, kNow);
  EXPECT_EQ((*changes)[1].kind, ListChange::Kind::kPublished);
  EXPECT_THAT((*changes)[1].entry_ids, ElementsAre("e1149"));
  EXPECT_THAT(*store_->History("list", 1000), SizeIs(151));
}

TEST_F(ClipStoreTest, EntriesComeInPages) {
  ASSERT_TRUE(CreateList("list").ok());
  ASSERT_TRUE(CreateList("list2").ok());
  for (const char* id : {"c", "a", "b", "B", "ab"}) {
    ASSERT_TRUE(Publish(AnyClip(id, 1)).ok());
  }
  Clip other = AnyClip("z");
  other.list_id = "list2";
  ASSERT_TRUE(Publish(other).ok());
  const auto page = [&](const std::string& after, int limit) {
    std::string ids;
    const auto entries = store_->Entries("list", after, limit);
    for (const EntryInfo& entry : *entries) {
      absl::StrAppend(&ids, entry.entry_id, " ");
    }
    return ids;
  };
  EXPECT_EQ(page("", 2), "B a ");
  EXPECT_EQ(page("a", 2), "ab b ");
  EXPECT_EQ(page("aa", 100), "ab b c ");
  EXPECT_EQ(page("c", 100), "");
  EXPECT_EQ(page("", 0), "");
}

TEST_F(ClipStoreTest, ALongClipIsReadAsItWasPublished) {
  ASSERT_TRUE(CreateList("list").ok());
  const int frames = 2 * kFramesPerBlock + 1;
  const Clip clip = AnyClip("long", frames);
  ASSERT_TRUE(Publish(clip).ok());
  EXPECT_FALSE(Publish(clip)->changed);
  const auto check = [&](const EntryInfo&, const Clip& read) {
    EXPECT_EQ(read.frames, clip.frames);
    return absl::OkStatus();
  };
  EXPECT_TRUE(store_->ForEachClip(check).ok());
  EXPECT_TRUE(store_->ForEachClipOf("list", check).ok());
  ASSERT_TRUE(Withdraw("list", {"long"}).ok());
  EXPECT_THAT(Stored(), IsEmpty());
}

TEST_F(ClipStoreTest, AListIsVisitedAsOfOneMoment) {
  ASSERT_TRUE(CreateList("list").ok());
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(Publish(AnyClip(id)).ok());
  std::vector<std::string> seen;
  EXPECT_TRUE(
      store_
          ->ForEachClipOf("list",
                          [&](const EntryInfo& entry, const Clip& clip) {
                            seen.push_back(entry.entry_id);
                            EXPECT_THAT(clip.frames, SizeIs(10));
                            if (seen.size() == 1) {
                              EXPECT_TRUE(Withdraw("list", {"a", "b"}).ok());
                              EXPECT_TRUE(Publish(AnyClip("d")).ok());
                            }
                            return absl::OkStatus();
                          })
          .ok());
  EXPECT_THAT(seen, ElementsAre("a", "b", "c"));
  EXPECT_THAT(Stored(), ElementsAre("3:list/c:10", "4:list/d:10"));
}

TEST_F(ClipStoreTest, AVisitorsErrorEndsTheVisit) {
  ASSERT_TRUE(CreateList("list").ok());
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(Publish(AnyClip(id)).ok());
  int visits = 0;
  const auto stop = [&](const EntryInfo&, const Clip&) {
    return ++visits % 2 == 0 ? absl::CancelledError("enough")
                             : absl::OkStatus();
  };
  EXPECT_EQ(store_->ForEachClip(stop), absl::CancelledError("enough"));
  EXPECT_EQ(store_->ForEachClipOf("list", stop),
            absl::CancelledError("enough"));
  EXPECT_EQ(visits, 4);
}

TEST_F(ClipStoreTest, OneProcessAtATime) {
  const absl::Status status = ClipStore::Open(directory_).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory_));
}

// As the version before this one wrote it.
TEST_F(ClipStoreTest, AStoreOfFormat1IsReadAndBecomesOfFormat2) {
  const ReferenceFrame frame = {CorrelatedHash(random_), 100,
                                absl::ZeroDuration()};
  Tamper([&](rocksdb::DB& db) {
    const std::string zero(1, '\0');
    const std::vector<std::pair<std::string, std::string>> records = {
        {"V", EncodeUint64(1)},
        {"N", EncodeUint64(8)},
        // issuer: "issuer" version: 2 entries: 1 frames: 1 changed: 5 us
        {"Lold", "\x0a\x06issuer\x10\x02\x18\x01\x20\x01\x28\x05"},
        // clip_id: 7 severity: CONFIRMED frames: 1 added_in_version: 2
        {"Eold" + zero + "entry", "\x08\x07\x10\x02\x20\x01\x28\x02"},
        {"F" + EncodeUint64(7) + EncodeUint64(0), EncodeFrames({frame})},
        // kind: PUBLISHED time: 4 us entry_ids: "gone" entries: 1
        {"Hold" + zero + EncodeUint64(1),
         "\x08\x01\x10\x04\x1a\x04gone\x20\x01"},
        {"Hold" + zero + EncodeUint64(2),
         "\x08\x01\x10\x05\x1a\x05"
         "entry\x20\x01"}};
    for (const auto& [key, value] : records) {
      ASSERT_TRUE(db.Put(Synced(), key, value).ok());
    }
  });
  Reopen();
  const auto lists = *store_->Lists();
  ASSERT_THAT(lists, SizeIs(1));
  EXPECT_EQ(lists[0].mode, ListMode::kActive);
  EXPECT_EQ(lists[0].signed_version, 0);
  EXPECT_EQ(lists[0].terms, ListTerms());
  EXPECT_THAT(Stored(), ElementsAre("7:old/entry:1"));
  const auto entries = *store_->Entries("old", "", 10);
  EXPECT_EQ(entries[0].terms, EntryTerms());
  EXPECT_EQ(entries[0].hold, Hold::kNone);
  EXPECT_THAT(*store_->History("old", 10), SizeIs(2));
  Clip more = AnyClip("more");
  more.list_id = "old";
  EXPECT_EQ(Publish(more)->entry.clip_id, 8);
  Tamper([](rocksdb::DB& db) {
    std::string format;
    ASSERT_TRUE(db.Get(rocksdb::ReadOptions(), "V", &format).ok());
    EXPECT_EQ(format, EncodeUint64(2));
  });
}

TEST_F(ClipStoreTest, ANewerFormatIsRefused) {
  Tamper([](rocksdb::DB& db) {
    ASSERT_TRUE(db.Put(Synced(), "V", EncodeUint64(3)).ok());
  });
  const absl::Status status = ClipStore::Open(directory_).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("has format 3, written by a newer version"));
}

TEST_F(ClipStoreTest, DamageIsReportedByItsKey) {
  struct Damage {
    std::string key;  // As it is shown.
    std::string message;
    std::function<void(rocksdb::DB&)> make;
  };
  const rocksdb::WriteOptions w = Synced();
  const std::string first_frames = "F" + EncodeUint64(1) + EncodeUint64(0);
  const std::string entry_a("Elist\0a", 7), entry_b("Elist\0b", 7);
  const auto get = [](rocksdb::DB& db, const std::string& key) {
    std::string value;
    EXPECT_TRUE(db.Get({}, key, &value).ok());
    return value;
  };
  const std::string shown_frames =
      "F\\000\\000\\000\\000\\000\\000\\000\\001"
      "\\000\\000\\000\\000\\000\\000\\000\\000";
  const std::vector<Damage> table = {
      {"Elist\\000a", "it has 10 frames, 0 are stored",
       [&](auto& db) { db.Delete(w, first_frames); }},
      {"Elist\\000a", "it has 10 frames, 9 are stored",
       [&](auto& db) {
         db.Put(w, first_frames, get(db, first_frames).substr(49));
       }},
      {shown_frames, "it has 489 bytes, not a multiple of 49",
       [&](auto& db) {
         db.Put(w, first_frames, get(db, first_frames).substr(1));
       }},
      {"F\\000\\000\\000\\000\\000\\000\\000\\010"
       "\\000\\000\\000\\000\\000\\000\\000\\000",
       "no entry has these frames",
       [&](auto& db) {
         db.Put(w, "F" + EncodeUint64(8) + EncodeUint64(0),
                get(db, first_frames));
       }},
      {"Elist\\000a", "it is no EntryRecord",
       [&](auto& db) { db.Put(w, entry_a, "\xff"); }},
      {"Elist\\000a", "clip_id is 0",
       [&](auto& db) { db.Put(w, entry_a, ""); }},
      {"Elist\\000b", "clip id 1 is another entry's too",
       [&](auto& db) { db.Put(w, entry_b, get(db, entry_a)); }},
      {"Llist", "it has 2 entries with 20 frames, but 1 with 10 are stored",
       [&](auto& db) { db.Delete(w, entry_a); }},
      {"Llist", "version is -1",
       [&](auto& db) {
         ListInfo list = *DecodeList("list", get(db, "Llist"));
         list.version = -1;
         db.Put(w, "Llist", EncodeList(list));
       }},
      {"", "there are entries of 1 lists that are not stored",
       [&](auto& db) { db.Delete(w, "Llist"); }},
      {"N", "it is 2, but clip id 2 is in use",
       [&](auto& db) { db.Put(w, "N", EncodeUint64(2)); }},
      {"N", "it is missing", [&](auto& db) { db.Delete(w, "N"); }},
  };
  ASSERT_TRUE(CreateList("list").ok());
  ASSERT_TRUE(Publish(AnyClip("a")).ok());
  ASSERT_TRUE(Publish(AnyClip("b")).ok());
  for (const Damage& damage : table) {
    std::map<std::string, std::string> before;
    Tamper([&](rocksdb::DB& db) {
      const std::unique_ptr<rocksdb::Iterator> record(db.NewIterator({}));
      for (record->SeekToFirst(); record->Valid(); record->Next()) {
        before[record->key().ToString()] = record->value().ToString();
      }
      damage.make(db);
    });
    Reopen();
    const absl::Status status = store_->ForEachClip(
        [](const EntryInfo&, const Clip&) { return absl::OkStatus(); });
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(damage.message));
    EXPECT_THAT(std::string(status.message()), HasSubstr(directory_));
    if (!damage.key.empty()) {
      EXPECT_THAT(std::string(status.message()),
                  HasSubstr(absl::StrCat("record \"", damage.key, "\"")));
    }
    Tamper([&](rocksdb::DB& db) {
      db.Delete(w, "F" + EncodeUint64(8) + EncodeUint64(0));
      for (const auto& [key, value] : before) db.Put(w, key, value);
    });
  }
  Reopen();
  EXPECT_THAT(Stored(), ElementsAre("1:list/a:10", "2:list/b:10"));
}

TEST_F(ClipStoreTest, DamageThatAChangeMeetsIsReported) {
  ASSERT_TRUE(CreateList("list").ok());
  const Clip clip = AnyClip("a");
  ASSERT_TRUE(Publish(clip).ok());
  Tamper([](rocksdb::DB& db) {
    db.Delete(Synced(), "F" + EncodeUint64(1) + EncodeUint64(0));
    db.Delete(Synced(), "N");
    db.Delete(Synced(), std::string("Hlist\0", 6) + EncodeUint64(1));
  });
  Reopen();
  EXPECT_TRUE(absl::IsDataLoss(Publish(clip).status()));
  EXPECT_TRUE(absl::IsDataLoss(Publish(AnyClip("b")).status()));
  EXPECT_TRUE(absl::IsDataLoss(store_->History("list", 5).status()));
  EXPECT_TRUE(absl::IsDataLoss(store_->ForEachClipOf(
      "list", [](const EntryInfo&, const Clip&) { return absl::OkStatus(); })));
}

TEST_F(ClipStoreTest, ADatabaseOfSomethingElseIsRefused) {
  Tamper([](rocksdb::DB& db) { db.Delete(Synced(), "V"); });
  const absl::Status status = ClipStore::Open(directory_).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("but no format"));
}

TEST_F(ClipStoreTest, AllClipIdsMayBeUsedUp) {
  ASSERT_TRUE(CreateList("list").ok());
  Tamper(
      [](rocksdb::DB& db) { db.Put(Synced(), "N", EncodeUint64(0xffffffff)); });
  Reopen();
  EXPECT_EQ(Publish(AnyClip("a"))->entry.clip_id, 0xffffffff);
  EXPECT_TRUE(absl::IsResourceExhausted(Publish(AnyClip("b")).status()));
  EXPECT_THAT(Stored(), SizeIs(1));
}

}  // namespace
}  // namespace lenscap
