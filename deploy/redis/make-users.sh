#!/usr/bin/env bash
# Makes the users of both Redis servers, with new random passwords: deploy/redis/make-users.sh FOLDER
# In FOLDER are then picture.acl and broker.acl, which hold digests of the passwords alone, for each
# process a file redis_NAME with `user:password`, and for a replicated Redis (compose.replicated.yaml)
# replica.conf and sentinel.conf, which hold the passwords by which servers know each other. Only the owner may enter the folder; the files
# are readable, because containers read them as users of their own. What is there stays: delete a
# file and both lists to give a process a new password, and start everything again.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:?a folder for the passwords, which nobody else may enter}
umask 022
mkdir -p "$folder"
chmod 0700 "$folder"

for user in web worker beat publisher cot operator replica sentinel asking peer; do
  file=$folder/redis_$user
  if [[ ! -s $file ]]; then
    printf '%s:%s\n' "$user" "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')" > "$file"
  fi
done

for list in picture broker; do
  # a user is one line there, and nothing else may stand in it
  sed '/^#/d' "$here/$list.acl" | awk '
    /^user/ { if (line) print line; line = $0; next }
    { sub(/^ +/, " "); line = line $0 }
    END { print line }
  ' | while read -r _ user rest; do
    digest=
    if [[ $rest == *PASSWORD* ]]; then
      digest=$(cut -d: -f2 "$folder/redis_$user" | tr -d '\n' | sha256sum | cut -d' ' -f1)
    fi
    printf 'user %s %s\n' "$user" "${rest/PASSWORD/#$digest}"
  done > "$folder/$list.acl"
done

password() { cut -d: -f2 "$folder/redis_$1" | tr -d '\n'; }
digest() { password "$1" | sha256sum | cut -d' ' -f1; }
printf 'masteruser replica\nmasterauth %s\n' "$(password replica)" > "$folder/replica.conf"
sed -e '/^#/d' -e "s/PASSWORD-OF-SENTINEL/$(password sentinel)/" \
  -e "s/PASSWORD-OF-PEER/$(password peer)/" -e "s/DIGEST-OF-PEER/$(digest peer)/" \
  -e "s/DIGEST-OF-ASKING/$(digest asking)/" "$here/sentinel.conf" > "$folder/sentinel.conf"
